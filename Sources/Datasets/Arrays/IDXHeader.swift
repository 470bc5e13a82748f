import Explanations

/// The header of IDX files, the format of MNIST: two zeros, the type, the number of dimensions, their sizes as big-endian
/// 32-bit integers.
enum IDXHeader {
    static let maximumBytes = 4 + 4 * ArrayHeader.maximumRank

    /// Reads the header at the front of a file, of which `bytes` are the first.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ArrayError) -> ArrayHeader {
        guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
            throw ArrayError("it is not an IDX file: it should begin with two zeros")
        }
        let elements: [UInt8: NumberElement] = [
            0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
        ]
        guard let element = elements[bytes[2]] else {
            throw ArrayError("the type \(bytes[2]) of its numbers is unknown")
        }
        let rank = Int(bytes[3])
        guard (1...ArrayHeader.maximumRank).contains(rank) else {
            throw ArrayError("it has \(counted(rank, "dimension"))")
        }
        guard bytes.count >= 4 + 4 * rank else { throw ArrayError("the file ends within its header") }
        let shape = (0..<rank).map { index in
            Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 + 4 * index, as: UInt32.self)))
        }
        let header = ArrayHeader(element: element, bigEndian: true, shape: shape, offset: 4 + 4 * rank)
        try header.checkShape()
        return header
    }
}
