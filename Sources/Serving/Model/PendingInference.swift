package import Messaging
import Synchronization
import Tensors
package import Wire

/// One request on its way through a node. Checked and queued by the thread it came on, then only touched by the
/// executor's; all but `isCancelled`.
final class PendingInference: @unchecked Sendable {
    let request: InferRequest
    let input: TensorDescription
    let frame: Frame
    /// Whose check it has passed.
    let model: LoadedModel
    /// What its sender calls it; nil for one of the node's own.
    let id: InferenceID?
    /// When its sender has stopped waiting; nil: never.
    let deadline: ContinuousClock.Instant?
    /// Nobody waits for the answer any more.
    let isCancelled = Atomic(false)
    /// Outputs of the rows done so far.
    var outputs: PendingOutputs
    private let reply: @Sendable (Result<InferenceAnswer, Failure>) -> Void
    /// What it is answered with, until that is sent.
    private var result: Result<InferenceAnswer, Failure>?
    /// Set by the executor when the first of its rows has its turn.
    var rawRows: RawRows?
    /// Its answer is known already: a failed piece ends the whole request.
    private(set) var isAnswered = false

    init(
        request: InferRequest, input: TensorDescription, frame: Frame, model: LoadedModel, id: InferenceID?,
        deadline: ContinuousClock.Instant?, outputs: PendingOutputs,
        reply: @escaping @Sendable (Result<InferenceAnswer, Failure>) -> Void
    ) {
        self.request = request
        self.input = input
        self.frame = frame
        self.model = model
        self.id = id
        self.deadline = deadline
        self.outputs = outputs
        self.reply = reply
    }

    var rows: Int { input.shape[0] }

    func answer(_ result: Result<InferenceAnswer, Failure>) {
        settle(result)
        send()
    }

    /// Says what the answer is, which `send` sends: the batch that it comes from is counted in between.
    func settle(_ result: Result<InferenceAnswer, Failure>) {
        guard !isAnswered else { return }
        isAnswered = true
        self.result = result
    }

    /// Sends the answer, if it is known and was not sent.
    func send() {
        guard let result else { return }
        self.result = nil
        reply(result)
    }

    /// Settles a request for which nobody waits any more. Returns whether there is still somebody to be answered.
    ///
    /// - Parameter expired: counts the requests whose time was over.
    func isWanted(at now: ContinuousClock.Instant, expired: inout Int) -> Bool {
        if isCancelled.load(ordering: .relaxed) { settle(.failure(.cancelled)) }
        if let deadline, deadline <= now, !isAnswered {
            expired += 1
            settle(
                .failure(Failure(.deadlineExceeded, "the request's time was over while the node worked on it")))
        }
        return !isAnswered
    }
}

extension Failure {
    /// For whoever takes a request back, who waits for no answer.
    static let cancelled = Failure(.cancelled, "the request was taken back")
}

/// What a node answers a request with.
package struct InferenceAnswer: Sendable {
    package var response: InferResponse
    package var frames: [Frame]

    package init(response: InferResponse, frames: [Frame]) {
        self.response = response
        self.frames = frames
    }
}
