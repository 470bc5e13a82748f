package import Messaging
import Synchronization
package import Wire

/// Carries payload frames from one rank to another. Delivery in order is not needed; loss ends in a timeout.
package protocol GroupTransport: Sendable {
    /// Queues one frame and returns; never blocks.
    func send(_ segment: TensorSegment, _ frame: Frame, to rank: Int) throws
}

/// Frames over the messaging layer: one or more links to each peer's listener.
///
/// A connection is encrypted by one thread. Frames take turns on several where there are several.
package final class LinkTransport: GroupTransport {
    /// By rank; none for this rank itself.
    private let links: [[any Link]]
    private let turn = Atomic(0)

    package init(links: [[any Link]]) {
        self.links = links
    }

    package func send(_ segment: TensorSegment, _ frame: Frame, to rank: Int) throws {
        let links = links[rank]
        precondition(!links.isEmpty, "a rank does not send to itself")
        let index = links.count == 1 ? 0 : turn.wrappingAdd(1, ordering: .relaxed).oldValue % links.count
        try links[index].send(Message(.tensorSegment(segment), frames: [frame]))
    }
}
