import NIOCore

/// Writes JSON into a buffer, without a tree and without an intermediate string.
struct JSONText {
    private(set) var buffer: ByteBuffer

    init(capacity: Int = 256) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// Text that is JSON already: punctuation and keys.
    @inline(__always)
    mutating func raw(_ text: StaticString) {
        buffer.writeStaticString(text)
    }

    mutating func number(_ value: Int) {
        buffer.writeString(String(value))
    }

    /// FP32 values, little-endian and wherever they begin, each as the shortest digits that read back as the same.
    /// Written a block at a time: to find room for each of them would take as long as its digits do.
    mutating func array(ofFloats bytes: UnsafeRawBufferPointer) {
        let count = bytes.count / MemoryLayout<Float>.stride
        raw("[")
        for start in stride(from: 0, to: count, by: Self.blockSize) {
            let block = start..<min(count, start + Self.blockSize)
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: block.count * Self.floatLength) { target in
                var position = 0
                for index in block {
                    let offset = index * MemoryLayout<Float>.stride
                    var text = bytes.loadUnaligned(fromByteOffset: offset, as: Float.self).description
                    if index > 0 {
                        target[position] = UInt8(ascii: ",")
                        position += 1
                    }
                    position += text.withUTF8 { digits in
                        precondition(digits.count < Self.floatLength, "a float has at most 15 characters")
                        UnsafeMutableRawBufferPointer(rebasing: target[position...])
                            .copyMemory(from: UnsafeRawBufferPointer(digits))
                        return digits.count
                    }
                }
                return position
            }
        }
        raw("]")
    }

    /// Floats that are written together, and the most bytes of one with its comma, as of -1.2345678e-38.
    private static let blockSize = 256
    private static let floatLength = 16

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    /// UTF-8 bytes as a quoted string. Bytes that are not UTF-8 become U+FFFD.
    mutating func string(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil else {
            return string(String(decoding: bytes, as: UTF8.self))
        }
        buffer.writeInteger(UInt8(ascii: "\""))
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
            start = index + 1
            switch byte {
            case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
            case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
            case UInt8(ascii: "\n"): buffer.writeStaticString("\\n")
            case UInt8(ascii: "\r"): buffer.writeStaticString("\\r")
            case UInt8(ascii: "\t"): buffer.writeStaticString("\\t")
            default: buffer.writeString("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            }
        }
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// `[a,b,…]`
    mutating func array<Element>(_ elements: some Sequence<Element>, _ write: (inout JSONText, Element) -> Void) {
        raw("[")
        var first = true
        for element in elements {
            if !first { raw(",") }
            first = false
            write(&self, element)
        }
        raw("]")
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        buffer.writeBytes(bytes)
    }
}
