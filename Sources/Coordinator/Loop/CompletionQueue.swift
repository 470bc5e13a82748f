import ControlPlane
import ClusterProtocol

/// The way back to the control loop for what it has started elsewhere.
struct CompletionQueue: Sendable {
    let inbox: ControlLoop.Inbox
    let time: TimeSource

    /// How long something waits that could not be done, before it is tried again.
    private static let pause: Duration = .seconds(1)

    func put(_ event: Event) {
        inbox.put(.event(event), in: .completions)
    }

    func put(answer: Answer, to request: RequestID) {
        inbox.put(.answer(request, answer), in: .completions)
    }

    /// For what the disk did not take.
    func putLater(_ event: Event) {
        Task {
            try await time.sleep(Self.pause)
            put(event)
        }
    }
}
