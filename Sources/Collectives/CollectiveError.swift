/// Why a collective operation did not complete. Every message names the ranks concerned.
package enum CollectiveError: Error, Sendable, Equatable, CustomStringConvertible {
    case timedOut(operation: String, missing: [String], after: Duration)
    case mismatch(operation: String, peer: String)
    case inboxFull(peer: String, limit: Int)
    case wrongLength(operation: String, peer: String, expected: Int, got: Int)
    case aborted(reason: String)

    package var description: String {
        switch self {
        case .timedOut(let operation, let missing, let after):
            "\(operation): nothing from \(missing.joined(separator: ", ")) within \(after)"
        case .mismatch(let operation, let peer):
            "\(operation): \(peer) is in another operation or has another length or type; "
                + "all ranks must call the same collectives in the same order"
        case .inboxFull(let peer, let limit):
            "\(peer) is more than \(limit) bytes ahead of this rank"
        case .wrongLength(let operation, let peer, let expected, let got):
            "\(operation): expected \(expected) bytes from \(peer), got \(got)"
        case .aborted(let reason):
            reason
        }
    }
}
