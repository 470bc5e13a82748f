import Collectives
import Messaging
import Synchronization
import Wire

/// The process group that this worker is in, as the messaging thread sees it: frames from peers go straight to it.
final class GroupRoster: Sendable {
    private let current = Mutex<ProcessGroup?>(nil)

    func enter(_ group: ProcessGroup) {
        current.withLock { $0 = group }
    }

    func leave(_ group: ProcessGroup) {
        current.withLock { if $0 === group { $0 = nil } }
    }

    /// Whether peers may send to this group already.
    func isIn(group id: UInt64) -> Bool {
        current.withLock { $0?.id == id }
    }

    /// Takes in one gradient frame, if it comes from the worker that holds the rank it claims.
    /// - Returns: false when it belongs to no group here or its sender is not who it says.
    func deliver(_ segment: TensorSegment, _ frame: Frame, from peer: Peer) -> Bool {
        let group = current.withLock { $0 }
        guard let group, group.id == segment.group, group.names.indices.contains(Int(segment.sender)),
            group.names[Int(segment.sender)] == peer.name
        else { return false }
        group.deliver(segment, frame)
        return true
    }
}
