import CZeroMQ

/// ZeroMQ's text for binary keys (RFC 32): five characters for four bytes.
enum Z85 {
    static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count / 4 * 5 + 1) { text in
            zmq_z85_encode(text.baseAddress!, bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), bytes.count)
            return String(cString: text.baseAddress!)
        }
    }

    /// Nil unless `text` is Z85 of exactly `byteCount` bytes.
    static func decode(_ text: String, byteCount: Int) -> [UInt8]? {
        guard text.utf8.count == byteCount / 4 * 5, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            return nil
        }
        var decoded = true
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            decoded = zmq_z85_decode(buffer.baseAddress!, text) != nil
            count = decoded ? byteCount : 0
        }
        return decoded ? bytes : nil
    }
}
