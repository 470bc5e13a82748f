import CWire

extension Joined {
    init(wire: Martlet__V1__Joined) throws(WireError) {
        self.init(
            clusterID: try String(wire: wire.cluster_id, "joined.cluster_id"),
            heartbeatInterval: .milliseconds(wire.heartbeat_interval_ms))
    }

    func validate() throws(WireError) {
        try Validation.bytes(clusterID, in: 0...WireLimits.name, "joined.cluster_id")
        let limits = WireLimits.heartbeatMilliseconds
        guard let milliseconds, limits.contains(milliseconds) else {
            throw .invalid(
                field: "joined.heartbeat_interval_ms", expected: "\(limits.lowerBound) to \(limits.upperBound) ms",
                got: "\(heartbeatInterval)")
        }
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Joined> {
        let wire = arena.allocate(Martlet__V1__Joined.self)
        martlet__v1__joined__init(wire)
        wire.pointee.cluster_id = arena.copy(clusterID)
        wire.pointee.heartbeat_interval_ms = milliseconds ?? 0
        return wire
    }

    /// Nil when it does not fit; fractions of a millisecond are dropped.
    private var milliseconds: UInt32? {
        let (seconds, attoseconds) = heartbeatInterval.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? nil : UInt32(exactly: whole + attoseconds / 1_000_000_000_000_000)
    }
}
