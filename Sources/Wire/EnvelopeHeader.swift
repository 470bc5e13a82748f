/// The fields before the body, read without decoding the body.
///
/// These fields and their numbers are the same in every protocol version, so a peer of another version can be told
/// apart and answered. Reading them first also fixes the kind of body, and so the size that the frame may have.
package struct EnvelopeHeader: Sendable, Equatable {
    package var protocolVersion: UInt32 = 0
    package var messageID: UInt64 = 0
    package var correlationID: UInt64 = 0
    /// The field number of the body; nil when there is none.
    package var body: UInt32?

    /// Reads the top level of an encoded envelope.
    ///
    /// Throws `malformed` for bytes that are no protobuf message, or that have more than one body (protobuf itself
    /// would merge them).
    package init(scanning bytes: UnsafeRawBufferPointer) throws(WireError) {
        var reader = WireReader(bytes)
        while !reader.atEnd {
            let (field, type) = try reader.tag()
            switch (field, type) {
            case (1, .varint): protocolVersion = UInt32(truncatingIfNeeded: try reader.varint())
            case (2, .fixed64): messageID = try reader.fixed64()
            case (3, .fixed64): correlationID = try reader.fixed64()
            case (16...31, .delimited):
                guard body == nil else { throw reader.malformed("more than one body") }
                body = field
                try reader.skip(type)
            default: try reader.skip(type)
            }
        }
    }
}

/// Reads the tags and scalars of the protobuf encoding, in bounds.
private struct WireReader {
    enum WireType: UInt8 {
        case varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var atEnd: Bool { position == bytes.count }

    func malformed(_ reason: String) -> WireError {
        .malformed(bytes: bytes.count, reason: "\(reason) at byte \(position)")
    }

    mutating func tag() throws(WireError) -> (field: UInt32, type: WireType) {
        let tag = try varint()
        guard tag >> 3 != 0, tag <= UInt64(UInt32.max), let type = WireType(rawValue: UInt8(tag & 7)) else {
            throw malformed("no field tag")
        }
        return (UInt32(tag >> 3), type)
    }

    mutating func varint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.count else { throw malformed("cut short") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw malformed("number of more than ten bytes")
    }

    mutating func fixed64() throws(WireError) -> UInt64 {
        guard bytes.count - position >= 8 else { throw malformed("cut short") }
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    mutating func skip(_ type: WireType) throws(WireError) {
        let count: UInt64
        switch type {
        case .varint:
            _ = try varint()
            return
        case .fixed64: count = 8
        case .fixed32: count = 4
        case .delimited: count = try varint()
        }
        guard count <= UInt64(bytes.count - position) else { throw malformed("cut short") }
        position += Int(count)
    }
}
