import ControlPlane
import ClusterProtocol
import Wire

/// Requests that the control plane has taken in and not answered yet.
struct OpenRequests {
    private struct Entry {
        var question: Envelope
        var peer: Peer
        var expires: ContinuousClock.Instant
    }

    private var entries: [RequestID: Entry] = [:]
    private var lastID: UInt64 = 0

    /// Longer than any request is answered: promotions and checkpoints take about a minute.
    static let lifetime: Duration = .seconds(600)

    mutating func open(_ question: Envelope, from peer: Peer, at now: Moment) -> RequestID {
        lastID += 1
        let id = RequestID(lastID)
        guard question.expectsAnswer else { return id }
        entries[id] = Entry(question: question, peer: peer, expires: now.instant + Self.lifetime)
        return id
    }

    mutating func close(_ id: RequestID) -> (question: Envelope, peer: Peer)? {
        entries.removeValue(forKey: id).map { ($0.question, $0.peer) }
    }

    /// Forgets those whose askers have long asked again.
    mutating func expire(at now: Moment) {
        entries = entries.filter { now.instant < $0.value.expires }
    }
}
