import ControlPlane
import ClusterProtocol
import Wire

/// A message that came to the coordinator, read and checked.
struct Asked<M: ClusterMessage>: Sendable {
    let message: M
    let peer: Peer
    /// By which it is answered, now or later, unless it was only told.
    let request: RequestID
}
