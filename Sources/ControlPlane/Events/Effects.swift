/// What an event has led to: what must be stored, and what must be done once it is.
///
/// The changes are one transaction, which comes first; if it fails the event has not happened, and the actions are not
/// carried out. The actions are carried out in order.
package struct Effects: Sendable, Equatable {
    package var changes: [StateChange]
    package var actions: [Action]

    package init(changes: [StateChange] = [], actions: [Action] = []) {
        self.changes = changes
        self.actions = actions
    }

    mutating func save(_ change: StateChange) {
        changes.append(change)
    }

    mutating func act(_ action: Action) {
        actions.append(action)
    }

    mutating func answer(_ request: RequestID, _ answer: Answer) {
        actions.append(.answer(request, answer))
    }

    mutating func log(_ level: LogEntry.Level, _ message: String, _ metadata: [String: String] = [:]) {
        actions.append(.log(LogEntry(level, message, metadata)))
    }
}
