import Wire

extension Failure {
    /// Whether the same request may succeed later: who was asked is not up yet, or had no room or no time for it.
    package var isTransient: Bool {
        switch code {
        case .unavailable, .queueFull, .deadlineExceeded: true
        default: false
        }
    }
}
