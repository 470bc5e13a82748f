import ClusterProtocol

@testable import ControlPlane

extension ControlPlane {
    /// Lets an event happen; what it leads to.
    @discardableResult
    mutating func handle(_ event: Event, at now: Moment) -> Effects {
        var effects: Effects = []
        handle(event, at: now, into: &effects)
        return effects
    }
}
