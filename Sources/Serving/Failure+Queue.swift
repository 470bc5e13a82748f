import Explanations
import Wire

extension Failure {
    /// The rows that a request may have, as a node says that refused one with more; nil for any other message.
    package static func rowLimit(saidBy message: String) -> Int? {
        message.firstMatch(of: #/a request may have (\d+) rows here/#).flatMap { Int($0.1) }
    }

    /// What a caller is told whom the queue refused.
    init(_ refusal: BatchQueue<PendingInference>.Refusal) {
        switch refusal {
        case .full(let waiting, let limit):
            self.init(
                .queueFull, "\(waiting) of at most \(limit) rows wait for this version on this node already; try again")
        case .tooLarge(let rows, let limit):
            self.init(
                .invalidArgument,
                "a request may have \(counted(limit, "row")) here, this one has \(rows); send it as several requests")
        case .noMemory(let waiting, let bytes, let limit):
            self.init(
                .queueFull,
                """
                requests of \(waiting) bytes wait on this node already, and \(bytes) more would take this version over \
                its share of \(limit); try again
                """)
        }
    }
}
