import Digests

/// How records lie in a segment: the bytes of the payload (4, little-endian), the beginning of the SHA-256 of what follows
/// (8), the kind of the record (1), the payload.
///
/// A process that is killed leaves a last record that is not whole; whoever reads sees that by the length or the digest,
/// and what lies before it is good.
enum JournalFrame {
    static let format = 1
    static let magic = Array("martlet journal \(format)\n".utf8)
    static let headBytes = 12
    /// Of a record that is read.
    static let largestPayload = 1 << 29

    static func bytes(_ kind: JournalRecord.Kind, _ payload: [UInt8]) -> [UInt8] {
        let body = [kind.rawValue] + payload
        let length = UInt32(payload.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + checksum(of: body) + body
    }

    static func length(in head: [UInt8]) -> Int {
        Int((0..<4).reduce(0 as UInt32) { $0 | UInt32(head[$1]) << (8 * $1) })
    }

    static func checksum(in head: [UInt8]) -> [UInt8] { Array(head[4..<headBytes]) }

    static func checksum(of body: [UInt8]) -> [UInt8] { Array(ContentDigest(of: body).bytes.prefix(8)) }
}
