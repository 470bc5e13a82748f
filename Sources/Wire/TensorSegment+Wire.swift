import CWire

extension TensorSegment {
    init(wire: Martlet__V1__TensorSegment) throws(WireError) {
        self.init(
            group: wire.group, operation: wire.operation, phase: wire.phase, segment: wire.segment,
            sender: wire.sender, signature: wire.signature, part: wire.part,
            description: try String(wire: wire.description, "tensor_segment.description"))
    }

    func validate() throws(WireError) {
        try Validation.bytes(description, in: 0...WireLimits.segmentDescription, "tensor_segment.description")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__TensorSegment> {
        let wire = arena.allocate(Martlet__V1__TensorSegment.self)
        martlet__v1__tensor_segment__init(wire)
        wire.pointee.group = group
        wire.pointee.operation = operation
        wire.pointee.phase = phase
        wire.pointee.segment = segment
        wire.pointee.sender = sender
        wire.pointee.signature = signature
        wire.pointee.part = part
        wire.pointee.description = arena.copy(description)
        return wire
    }
}
