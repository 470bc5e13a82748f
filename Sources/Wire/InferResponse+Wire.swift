import CWire
import Digests

extension InferResponse {
    init(wire: Martlet__V1__InferResponse) throws(WireError) {
        self.init(
            model: try String(wire: wire.model, "infer_response.model"),
            version: try String(wire: wire.version, "infer_response.version"),
            digest: try String(wire: wire.digest, "infer_response.digest"),
            outputs: try [TensorDescription](wire: wire.outputs, count: wire.n_outputs, "infer_response.outputs"),
            queuedRows: wire.queued_rows)
    }

    func validate() throws(WireError) {
        try Validation.bytes(model, in: 1...WireLimits.name, "infer_response.model")
        try Validation.bytes(version, in: 0...WireLimits.name, "infer_response.version")
        guard digest.utf8.count == 2 * ContentDigest.byteCount, digest.utf8.allSatisfy(\.isLowerCaseHexadecimalDigit)
        else {
            throw .invalid(
                field: "infer_response.digest", expected: "64 hexadecimal digits of SHA-256",
                got: WireError.quoted(digest))
        }
        try outputs.validate("infer_response.outputs")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__InferResponse> {
        let wire = arena.allocate(Martlet__V1__InferResponse.self)
        martlet__v1__infer_response__init(wire)
        wire.pointee.model = arena.copy(model)
        wire.pointee.version = arena.copy(version)
        wire.pointee.digest = arena.copy(digest)
        wire.pointee.n_outputs = outputs.count
        wire.pointee.outputs = outputs.wire(in: &arena)
        wire.pointee.queued_rows = queuedRows
        return wire
    }
}
