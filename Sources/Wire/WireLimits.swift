/// What one envelope may hold. A sender refuses to encode more, a receiver refuses to decode more, so neither side's
/// memory depends on the other's good will.
package enum WireLimits {
    /// Bytes of an encoded envelope without a `Document`.
    package static let envelopeBytes = 64 << 10
    /// Bytes of the JSON inside a `Document`: a sharding plan of a large cluster fits, a data set does not.
    package static let documentBytes = 4 << 20
    /// Bytes of an encoded envelope whose body is a `Document`, or a heartbeat with one.
    package static let documentEnvelopeBytes = documentBytes + envelopeBytes
    /// Bytes of a failure's message; a longer one is cut, because a failure must always arrive.
    package static let failureMessageBytes = 16 << 10
    /// Bytes that one `ChunkRequest` may ask for.
    package static let chunkBytes = 16 << 20
    /// Tensors of one inference request or answer.
    package static let tensors = 64
    /// Parts of one stream that may be granted and not yet used.
    package static let creditParts = 4096
    /// Bytes of one stream that may be granted and not yet used.
    package static let creditBytes = 256 << 20
    /// Dimensions of one tensor.
    package static let rank = 16

    /// Bytes of names: models, versions, tensors, clusters, uploads.
    static let name = 256
    static let kind = 64
    /// Bytes of the words for a collective operation.
    package static let segmentDescription = 512
    static let endpoint = 256
    static let host = 255
    static let nodeVersion = 64
    static let heartbeatMilliseconds: ClosedRange<UInt32> = 1...3_600_000

    /// Bytes that decoding an envelope of `count` bytes may take. The C structs are larger than their encoding: an
    /// empty tensor description is two bytes on the wire and about seventy in memory.
    static func decodingBytes(ofEnvelope count: Int) -> Int {
        count > envelopeBytes ? 2 * count + envelopeBytes : 8 * count + envelopeBytes
    }
}
