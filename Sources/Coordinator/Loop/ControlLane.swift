import Wire

/// The lanes in which work waits for the control loop. They take turns, so neither a worker that tells too much nor an
/// operator's script keeps the heartbeats waiting, nor the other way round.
enum ControlLane: String, CaseIterable, Sendable {
    /// Joins, heartbeats and all that inference nodes and gateways say: who is there and what they serve, in the order in
    /// which they say it.
    case membership
    /// What people ask.
    case operators
    /// Progress, checkpoints and results.
    case workers
    /// Something that was started has come to its end, or time has passed.
    case completions

    /// Nil for what the coordinator takes from no one.
    init?(of body: Envelope.Body, from peer: Peer) {
        switch body {
        case .join, .heartbeat: self = .membership
        case .document:
            switch peer.role {
            case .operator: self = .operators
            case .worker: self = .workers
            case .inference, .gateway, .coordinator: self = .membership
            }
        default: return nil
        }
    }
}
