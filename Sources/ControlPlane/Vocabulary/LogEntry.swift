/// One line of the log, as a value: what a state machine has to say is part of what it returns.
package struct LogEntry: Sendable, Equatable {
    package enum Level: Sendable, Equatable {
        case info, warning, error
    }

    package var level: Level
    package var message: String
    /// `job`, `generation`, `node`, `model`, …
    package var metadata: [String: String]

    package init(_ level: Level, _ message: String, _ metadata: [String: String] = [:]) {
        self.level = level
        self.message = message
        self.metadata = metadata
    }
}
