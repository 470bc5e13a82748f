import CWire
import Digests

extension String {
    /// Text from a C struct. Throws when it is not UTF-8, which protobuf-c does not check.
    init(wire text: UnsafePointer<CChar>?, _ field: String) throws(WireError) {
        guard let text else {
            throw .invalid(field: field, expected: "text", got: "nothing")
        }
        guard let valid = String(validatingCString: text) else {
            throw .invalid(field: field, expected: "UTF-8", got: "other bytes")
        }
        self = valid
    }
}

extension ContentDigest {
    init(wire digest: ProtobufCBinaryData, _ field: String) throws(WireError) {
        guard let valid = ContentDigest(bytes: UnsafeBufferPointer(start: digest.data, count: digest.len)) else {
            throw .invalid(
                field: field, expected: "\(ContentDigest.byteCount) bytes of SHA-256", got: "\(digest.len) bytes")
        }
        self = valid
    }
}
