/// What comes of an event: what must be stored, all of it or the event has not happened, and then what must be done, in
/// this order.
package struct Effects: Sendable, Equatable {
    package var changes: [StateChange] = []
    package var actions: [Action] = []

    package init() {}
}
