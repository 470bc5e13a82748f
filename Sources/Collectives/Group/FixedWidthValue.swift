/// A value of as many bytes on every rank, whatever it is: what ranks tell each other in numbers.
package protocol FixedWidthValue: Sendable {
    associatedtype WireBits: FixedWidthInteger & BitwiseCopyable

    /// What travels, in little-endian order.
    var wireBits: WireBits { get }

    /// Nil: no value has these bits.
    init?(wireBits: WireBits)
}

extension Double: FixedWidthValue {
    package var wireBits: UInt64 { bitPattern }

    package init(wireBits: UInt64) {
        self.init(bitPattern: wireBits)
    }
}

extension Int: FixedWidthValue {
    package var wireBits: Int64 { Int64(self) }

    package init?(wireBits: Int64) {
        self.init(exactly: wireBits)
    }
}

extension Bool: FixedWidthValue {
    package var wireBits: UInt8 { self ? 1 : 0 }

    package init?(wireBits: UInt8) {
        guard wireBits <= 1 else { return nil }
        self = wireBits == 1
    }
}

extension Array where Element: FixedWidthValue {
    private static var width: Int { MemoryLayout<Element.WireBits>.size }

    func encodedForWire() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.width * count) { bytes, byteCount in
            let raw = UnsafeMutableRawBufferPointer(bytes)
            for (index, value) in enumerated() {
                raw.storeBytes(
                    of: value.wireBits.littleEndian, toByteOffset: Self.width * index, as: Element.WireBits.self)
            }
            byteCount = Self.width * count
        }
    }

    /// Nil unless the bytes are whole values, and each of them one.
    init?(decodingFromWire bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: Self.width) else { return nil }
        self = []
        reserveCapacity(bytes.count / Self.width)
        let isSound = bytes.withUnsafeBytes { raw in
            for offset in stride(from: 0, to: raw.count, by: Self.width) {
                let bits = raw.loadUnaligned(fromByteOffset: offset, as: Element.WireBits.self)
                guard let value = Element(wireBits: Element.WireBits(littleEndian: bits)) else { return false }
                append(value)
            }
            return true
        }
        guard isSound else { return nil }
    }
}
