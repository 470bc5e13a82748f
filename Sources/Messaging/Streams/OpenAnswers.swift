import Synchronization

/// The answers being made over one link or listener, by who asked and by the number of the request.
final class OpenAnswers: Sendable {
    enum Insertion {
        /// `forgotten` had the same number: whoever asked has begun to count anew.
        case opened(forgotten: OpenAnswer?)
        case refused
    }

    private let answers = Mutex<[UInt32: [UInt64: OpenAnswer]]>([:])

    var isEmpty: Bool { answers.withLock { $0.isEmpty } }

    var all: [OpenAnswer] { answers.withLock { $0.values.flatMap(\.values) } }

    /// Refuses a stream when the connection has `limit` of them.
    func insert(_ answer: OpenAnswer, limit: Int) -> Insertion {
        answers.withLock { answers in
            if answer.isStream, let known = answers[answer.connection], known.count >= limit,
                known.values.count(where: \.isStream) >= limit
            {
                return .refused
            }
            return .opened(
                forgotten: answers[answer.connection, default: [:]].updateValue(answer, forKey: answer.messageID))
        }
    }

    func answer(to messageID: UInt64, of connection: UInt32) -> OpenAnswer? {
        answers.withLock { $0[connection]?[messageID] }
    }

    func remove(_ answer: OpenAnswer) {
        answers.withLock { answers in
            guard answers[answer.connection]?[answer.messageID] === answer else { return }
            answers[answer.connection]?[answer.messageID] = nil
            if answers[answer.connection]?.isEmpty == true { answers[answer.connection] = nil }
        }
    }
}
