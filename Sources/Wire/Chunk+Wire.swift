import CWire
import Digests

extension ChunkRequest {
    init(wire: Martlet__V1__ChunkRequest) throws(WireError) {
        self.init(
            digest: try ContentDigest(wire: wire.digest, "chunk_request.digest"), offset: wire.offset,
            length: wire.length)
    }

    func validate() throws(WireError) {
        guard (1...WireLimits.chunkBytes).contains(Int(length)) else {
            throw .invalid(
                field: "chunk_request.length", expected: "1 to \(WireLimits.chunkBytes) bytes", got: "\(length)")
        }
        try Validation.range(
            offset: offset, length: UInt64(length), total: UInt64(Int64.max), "chunk_request.offset")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__ChunkRequest> {
        let wire = arena.allocate(Martlet__V1__ChunkRequest.self)
        martlet__v1__chunk_request__init(wire)
        wire.pointee.digest = arena.copy(digest.bytes)
        wire.pointee.offset = offset
        wire.pointee.length = length
        return wire
    }
}

extension Chunk {
    init(wire: Martlet__V1__Chunk) throws(WireError) {
        self.init(
            digest: try ContentDigest(wire: wire.digest, "chunk.digest"), offset: wire.offset, total: wire.total)
    }

    func validate() throws(WireError) {
        try Validation.range(offset: offset, length: 0, total: min(total, UInt64(Int64.max)), "chunk.offset")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Chunk> {
        let wire = arena.allocate(Martlet__V1__Chunk.self)
        martlet__v1__chunk__init(wire)
        wire.pointee.digest = arena.copy(digest.bytes)
        wire.pointee.offset = offset
        wire.pointee.total = total
        return wire
    }
}

extension ChunkUpload {
    init(wire: Martlet__V1__ChunkUpload) throws(WireError) {
        self.init(
            upload: try String(wire: wire.upload, "chunk_upload.upload"),
            digest: try ContentDigest(wire: wire.digest, "chunk_upload.digest"), offset: wire.offset,
            total: wire.total)
    }

    func validate() throws(WireError) {
        try Validation.bytes(upload, in: 1...WireLimits.name, "chunk_upload.upload")
        try Validation.range(offset: offset, length: 0, total: min(total, UInt64(Int64.max)), "chunk_upload.offset")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__ChunkUpload> {
        let wire = arena.allocate(Martlet__V1__ChunkUpload.self)
        martlet__v1__chunk_upload__init(wire)
        wire.pointee.upload = arena.copy(upload)
        wire.pointee.digest = arena.copy(digest.bytes)
        wire.pointee.offset = offset
        wire.pointee.total = total
        return wire
    }
}
