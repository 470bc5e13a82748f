/// Why something is in no journal, or cannot be read from one.
enum JournalProblem: Error, Equatable, CustomStringConvertible {
    case stateTooLarge(bytes: Int, limit: Int)
    case recordTooLarge(bytes: Int, limit: Int)
    case noState
    case differentState

    var description: String {
        switch self {
        case .stateTooLarge(let bytes, let limit):
            "the state has \(bytes) bytes, and a journal of this size takes one of at most \(limit); "
                + "coordinator.journal_bytes in the cluster file makes it larger"
        case .recordTooLarge(let bytes, let limit):
            "an event has \(bytes) bytes, and a journal of this size takes one of at most \(limit); "
                + "coordinator.journal_bytes in the cluster file makes it larger"
        case .noState: "a segment does not begin with a state"
        case .differentState: "the state is not the one of which its opening speaks"
        }
    }
}
