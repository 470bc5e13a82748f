import Wire

extension Membership {
    /// What a node says of itself must agree with the key it proved to own, and it must speak our protocol.
    func check(_ join: Join, protocolVersion: UInt32, from peer: Peer) throws(Failure) {
        guard protocolVersion == Wire.protocolVersion else {
            throw Failure(
                .protocolMismatch,
                "'\(peer.name)' speaks protocol version \(protocolVersion), the coordinator \(Wire.protocolVersion); "
                    + "run the same version of martlet on all nodes")
        }
        guard join.name == peer.name else {
            throw Failure(
                .permissionDenied,
                "the key belongs to '\(peer.name)', but the node calls itself '\(join.name)'; "
                    + "use the key that was made for it")
        }
        guard join.role == peer.role else {
            throw Failure(
                .permissionDenied,
                "the keyring has '\(peer.name)' as \(peer.role.rawValue), but it joins as \(join.role.rawValue); "
                    + "start it in the role its key was made for")
        }
        switch join.role {
        case .worker, .inference, .gateway: return
        case .coordinator, .operator:
            throw Failure(.permissionDenied, "a node of role \(join.role.rawValue) does not join; it only calls")
        }
    }
}
