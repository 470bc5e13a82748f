import Serving
import Synchronization
import Wire

/// Orders on an inference node that are not done yet. One that is repeated, because nothing was heard of it, takes no
/// second place: it is taken and done once.
final class OrderQueue: Sendable {
    /// Those that wait, in their order.
    let waiting: AsyncStream<ReplicaOrder>
    private let entrance: AsyncStream<ReplicaOrder>.Continuation
    /// The last order of each version that waits or is carried out.
    private let pending = Mutex<[ModelKey: ReplicaOrder]>([:])

    /// Loads and unloads that may wait.
    static let limit = 64

    init() {
        (waiting, entrance) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
    }

    func put(_ order: ReplicaOrder) throws(Failure) {
        let isTaken = pending.withLock { pending in
            guard pending[order.key] != order else { return true }
            if case .dropped = entrance.yield(order) { return false }
            pending[order.key] = order
            return true
        }
        guard isTaken else {
            throw Failure(.queueFull, "\(Self.limit) loads and unloads wait on this node already; try again later")
        }
    }

    /// It is done, or could not be: from here on the same order is a new one.
    func close(_ order: ReplicaOrder) {
        pending.withLock { if $0[order.key] == order { $0[order.key] = nil } }
    }
}
