/// Why a collective operation did not complete. Every message names the ranks concerned.
package enum CollectiveError: Error, Sendable, Equatable, CustomStringConvertible {
    case timedOut(operation: String, missing: [String], after: Duration)
    /// Ranks are in different operations; the text names them and says which.
    case mismatch(String)
    case inboxFull(peer: String, limit: Int)
    case wrongLength(operation: String, peer: String, expected: Int, got: Int)
    /// A process of this host ended in the middle of the operation.
    case peerEnded(operation: String, peer: String)
    /// What a rank told the others has another form than they expect.
    case malformed(what: String, peer: String)
    case aborted(reason: String)

    package var description: String {
        switch self {
        case .timedOut(let operation, let missing, let after):
            "\(operation): nothing from \(missing.joined(separator: ", ")) within \(after)"
        case .mismatch(let text):
            "\(text); all ranks must call the same collectives in the same order, with the same lengths and types"
        case .inboxFull(let peer, let limit):
            "\(peer) is more than \(limit) bytes ahead of this rank"
        case .wrongLength(let operation, let peer, let expected, let got):
            "\(operation): expected \(expected) bytes from \(peer), got \(got)"
        case .peerEnded(let operation, let peer):
            "\(operation): the process of \(peer) has ended"
        case .malformed(let what, let peer):
            "the workers disagree on the form of \(what), of which \(peer) has another; they must run the same version of "
                + "Martlet"
        case .aborted(let reason):
            reason
        }
    }
}
