package import Messaging
package import Wire

/// Carries payload frames from one rank to another. Delivery in order is not needed; loss ends in a timeout.
package protocol GroupTransport: Sendable {
    /// Queues one frame and returns; never blocks.
    func send(_ segment: TensorSegment, _ frame: Frame, to rank: Int) throws
}

/// Frames over the messaging layer: one link to each peer's listener.
package struct LinkTransport: GroupTransport {
    /// By rank; nil for this rank itself.
    private let links: [(any Link)?]

    package init(links: [(any Link)?]) {
        self.links = links
    }

    package func send(_ segment: TensorSegment, _ frame: Frame, to rank: Int) throws {
        guard let link = links[rank] else { preconditionFailure("a rank does not send to itself") }
        try link.send(Message(.tensorSegment(segment), frames: [frame]))
    }
}
