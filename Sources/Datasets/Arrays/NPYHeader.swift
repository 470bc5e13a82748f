/// The header of NumPy's array files (NEP 1, versions 1.0 to 3.0).
enum NPYHeader {
    /// The text of the header is a few hundred bytes; NumPy itself refuses more than 10,000.
    static let maximumBytes = 1 << 16

    /// Reads the header at the front of a file, of which `bytes` are the first.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ArrayError) -> ArrayHeader {
        guard bytes.count >= 10, bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
            throw ArrayError("it is not a NumPy array: it should begin with \\x93NUMPY")
        }
        let version = bytes[6]
        guard (1...3).contains(version), version == 1 || bytes.count >= 12 else {
            throw ArrayError("version \(version) of NumPy's format is unknown")
        }
        var length = Int(bytes[8]) | Int(bytes[9]) << 8
        if version > 1 { length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24 }
        let start = version == 1 ? 10 : 12
        guard length <= maximumBytes else { throw ArrayError("a header of \(length) bytes is too long") }
        guard start + length <= bytes.count else { throw ArrayError("the file ends within its header") }
        let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
        return try header(of: text, offset: start + length)
    }

    /// Of `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
    private static func header(of text: String, offset: Int) throws(ArrayError) -> ArrayHeader {
        guard let type = field("descr", of: text)?.dropFirst().split(separator: "'", maxSplits: 1).first,
            field("descr", of: text)?.first == "'"
        else { throw ArrayError("the header does not say what the numbers are: 'descr' should be a simple type") }
        let (element, bigEndian) = try self.element(String(type))
        guard let order = field("fortran_order", of: text) else {
            throw ArrayError("the header has no 'fortran_order'")
        }
        guard let tuple = field("shape", of: text), tuple.first == "(", let end = tuple.firstIndex(of: ")") else {
            throw ArrayError("the header has no 'shape'")
        }
        var shape: [Int] = []
        for part in tuple[tuple.index(after: tuple.startIndex)..<end].split(separator: ",") {
            let digits = part.filter { $0 != " " && $0 != "L" }
            if digits.isEmpty { continue }
            guard let side = Int(digits), side >= 0 else { throw ArrayError("the shape (\(part)) is no shape") }
            shape.append(side)
        }
        let header = ArrayHeader(element: element, bigEndian: bigEndian, shape: shape, offset: offset)
        try header.checkShape()
        guard order.hasPrefix("False") || shape.count == 1 else {
            throw ArrayError("the array is in Fortran order: save numpy.ascontiguousarray(array)")
        }
        return header
    }

    /// What stands behind the key.
    private static func field(_ key: String, of text: String) -> Substring? {
        guard let range = text.firstRange(of: "'\(key)':") else { return nil }
        return text[range.upperBound...].drop { $0 == " " }
    }

    private static func element(_ type: String) throws(ArrayError) -> (NumberElement, bigEndian: Bool) {
        let elements: [String: NumberElement] = [
            "u1": .uint8, "b1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32,
            "u8": .uint64, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
        ]
        guard let first = type.first, "<>|=".contains(first), let element = elements[String(type.dropFirst())] else {
            throw ArrayError(
                "numbers of type '\(type.prefix(20))' cannot be read: expected booleans, integers of up to 64 bits or "
                    + "floats of 16, 32 or 64; save array.astype(numpy.float32)")
        }
        return (element, first == ">")
    }
}
