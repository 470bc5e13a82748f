import CZeroMQ
import Digests

/// A CURVE public key: what a peer is known by.
package struct PublicKey: Hashable, Sendable {
    static let byteCount = 32

    /// 32 bytes.
    let bytes: [UInt8]

    init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Nil unless `text` is 40 characters of Z85 (ZeroMQ RFC 32).
    package init?(z85 text: String) {
        guard let bytes = Z85.decode(text, byteCount: Self.byteCount) else { return nil }
        self.bytes = bytes
    }

    package var z85: String { bytes.withUnsafeBytes { Z85.encode($0) } }

    /// The first 16 hexadecimal digits of the key's SHA-256: short enough for a log, long enough to tell keys apart.
    package var fingerprint: String { String(ContentDigest(of: bytes).description.prefix(16)) }
}

extension PublicKey: CustomStringConvertible {
    package var description: String { z85 }
}

extension PublicKey: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let key = PublicKey(z85: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a public key: 40 characters of Z85")
        }
        self = key
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(z85)
    }
}
