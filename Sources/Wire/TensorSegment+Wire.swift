import CWire

extension TensorSegment {
    init(wire: Martlet__V1__TensorSegment) {
        self.init(
            group: wire.group, operation: wire.operation, phase: wire.phase, segment: wire.segment,
            sender: wire.sender, signature: wire.signature, part: wire.part)
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
        return wire
    }
}
