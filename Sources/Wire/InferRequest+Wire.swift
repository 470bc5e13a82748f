import CWire

extension InferRequest {
    init(wire: Martlet__V1__InferRequest) throws(WireError) {
        try Validation.count(wire.n_outputs, atMost: WireLimits.tensors, "infer_request.outputs")
        var outputs: [String] = []
        for output in UnsafeBufferPointer(start: wire.outputs, count: wire.n_outputs) {
            outputs.append(try String(wire: output, "infer_request.outputs"))
        }
        self.init(
            model: try String(wire: wire.model, "infer_request.model"),
            version: try String(wire: wire.version, "infer_request.version"),
            inputs: try [TensorDescription](wire: wire.inputs, count: wire.n_inputs, "infer_request.inputs"),
            outputs: outputs)
    }

    func validate() throws(WireError) {
        try Validation.bytes(model, in: 1...WireLimits.name, "infer_request.model")
        try Validation.bytes(version, in: 0...WireLimits.name, "infer_request.version")
        try inputs.validate("infer_request.inputs")
        try Validation.count(outputs.count, atMost: WireLimits.tensors, "infer_request.outputs")
        for output in outputs { try Validation.bytes(output, in: 1...WireLimits.name, "infer_request.outputs") }
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__InferRequest> {
        let wire = arena.allocate(Martlet__V1__InferRequest.self)
        martlet__v1__infer_request__init(wire)
        wire.pointee.model = arena.copy(model)
        wire.pointee.version = arena.copy(version)
        wire.pointee.n_inputs = inputs.count
        wire.pointee.inputs = inputs.wire(in: &arena)
        wire.pointee.n_outputs = outputs.count
        wire.pointee.outputs = arena.allocate(UnsafeMutablePointer<CChar>?.self, count: outputs.count)
        for (index, output) in outputs.enumerated() { wire.pointee.outputs[index] = arena.copy(output) }
        return wire
    }
}
