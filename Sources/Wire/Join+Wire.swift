import CWire

extension Join {
    init(wire: Martlet__V1__Join) throws(WireError) {
        let role = try String(wire: wire.role, "join.role")
        guard let role = Role(rawValue: role) else {
            throw .invalid(
                field: "join.role", expected: "one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))",
                got: WireError.quoted(role))
        }
        self.init(
            name: try String(wire: wire.name, "join.name"), role: role, incarnation: wire.incarnation,
            endpoint: try String(wire: wire.endpoint, "join.endpoint"),
            version: try String(wire: wire.version, "join.version"), host: try String(wire: wire.host, "join.host"),
            processID: wire.process_id, cores: wire.cores, memoryBytes: wire.memory_bytes,
            clusterID: try String(wire: wire.cluster_id, "join.cluster_id"))
    }

    func validate() throws(WireError) {
        try Validation.nodeName(name, "join.name")
        try Validation.bytes(endpoint, in: 0...WireLimits.endpoint, "join.endpoint")
        try Validation.bytes(version, in: 0...WireLimits.nodeVersion, "join.version")
        try Validation.bytes(host, in: 0...WireLimits.host, "join.host")
        try Validation.bytes(clusterID, in: 0...WireLimits.name, "join.cluster_id")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Join> {
        let wire = arena.allocate(Martlet__V1__Join.self)
        martlet__v1__join__init(wire)
        wire.pointee.name = arena.copy(name)
        wire.pointee.role = arena.copy(role.rawValue)
        wire.pointee.incarnation = incarnation
        wire.pointee.endpoint = arena.copy(endpoint)
        wire.pointee.version = arena.copy(version)
        wire.pointee.host = arena.copy(host)
        wire.pointee.process_id = processID
        wire.pointee.cores = cores
        wire.pointee.memory_bytes = memoryBytes
        wire.pointee.cluster_id = arena.copy(clusterID)
        return wire
    }
}
