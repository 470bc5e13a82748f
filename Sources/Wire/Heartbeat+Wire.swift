import CWire

extension Heartbeat {
    init(wire: Martlet__V1__Heartbeat) throws(WireError) {
        var report: Document?
        if let document = wire.report { report = try Document(wire: document.pointee) }
        self.init(
            incarnation: wire.incarnation, cpuPercent: wire.cpu_percent, residentBytes: wire.resident_bytes,
            report: report)
    }

    func validate() throws(WireError) {
        guard cpuPercent.isFinite, cpuPercent >= 0 else {
            throw .invalid(field: "heartbeat.cpu_percent", expected: "a finite number >= 0", got: "\(cpuPercent)")
        }
        try report?.validate("heartbeat.report")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Heartbeat> {
        let wire = arena.allocate(Martlet__V1__Heartbeat.self)
        martlet__v1__heartbeat__init(wire)
        wire.pointee.incarnation = incarnation
        wire.pointee.cpu_percent = cpuPercent
        wire.pointee.resident_bytes = residentBytes
        if let report { wire.pointee.report = report.wire(in: &arena) }
        return wire
    }
}

extension HeartbeatReply {
    init(wire: Martlet__V1__HeartbeatReply) {
        self.init(known: wire.known != 0)
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__HeartbeatReply> {
        let wire = arena.allocate(Martlet__V1__HeartbeatReply.self)
        martlet__v1__heartbeat_reply__init(wire)
        wire.pointee.known = known ? 1 : 0
        return wire
    }
}
