package import Messaging
import Tensors
package import Wire

/// One request on its way through a node. Checked and queued by the thread it came on, then only touched by the
/// executor's.
final class PendingInference: @unchecked Sendable {
    let request: InferRequest
    let input: TensorDescription
    let frame: Frame
    private let reply: @Sendable (Result<InferenceAnswer, Failure>) -> Void
    /// Set by the executor when the first of its rows has its turn.
    var rawRows: RawRows?
    /// Logits of the rows done so far; only for a request that runs in several batches.
    var partialLogits: FloatBuffer?
    /// Answered already: a failed piece ends the whole request.
    private(set) var isAnswered = false

    init(
        request: InferRequest, input: TensorDescription, frame: Frame,
        reply: @escaping @Sendable (Result<InferenceAnswer, Failure>) -> Void
    ) {
        self.request = request
        self.input = input
        self.frame = frame
        self.reply = reply
    }

    var rows: Int { input.shape[0] }

    func answer(_ result: Result<InferenceAnswer, Failure>) {
        guard !isAnswered else { return }
        isAnswered = true
        reply(result)
    }
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
