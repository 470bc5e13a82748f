/// The header of NumPy's array files (NEP 1, versions 1.0 to 3.0).
enum NPYHeader {
    /// The text of the header is a few hundred bytes; NumPy itself refuses more than 10,000.
    static let maximumBytes = 1 << 16

    /// Reads the header at the front of a file, of which `bytes` are the first.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(ArrayError) -> ArrayHeader {
        guard bytes.count >= 10, bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) else {
            throw ArrayError(
                bytes.starts(with: [0x1F, 0x8B])
                    ? "it is gzipped, as only IDX files and texts may be: unpack it by `gunzip`"
                    : "it is not a NumPy array: it should begin with \\x93NUMPY")
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

    /// Of `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, and of nothing else that Python would take.
    private static func header(of text: String, offset: Int) throws(ArrayError) -> ArrayHeader {
        var scanner = Scanner(rest: text[...])
        var type: String?
        var isFortran: Bool?
        var shape: [Int]?
        try scanner.expect("{", "to begin the header")
        while !scanner.take("}") {
            guard let key = scanner.quoted() else { throw scanner.unexpected("a key in quotes, or '}'") }
            try scanner.expect(":", "after '\(key.prefix(20))'")
            switch key {
            case "descr" where type == nil:
                guard let value = scanner.quoted() else {
                    throw ArrayError("the header does not say what the numbers are: 'descr' should be a simple type")
                }
                type = value
            case "fortran_order" where isFortran == nil:
                guard let value = scanner.take("False") ? false : scanner.take("True") ? true : nil else {
                    throw scanner.unexpected("True or False as 'fortran_order'")
                }
                isFortran = value
            case "shape" where shape == nil: shape = try scanner.shape()
            default:
                throw ArrayError(
                    "the header: expected each of 'descr', 'fortran_order' and 'shape' once, got '\(key.prefix(20))'")
            }
            if scanner.take(",") { continue }
            try scanner.expect("}", "or ',' behind '\(key)'")
            break
        }
        guard scanner.isAtEnd else { throw scanner.unexpected("nothing but spaces behind '}'") }
        guard let type else {
            throw ArrayError("the header does not say what the numbers are: 'descr' should be a simple type")
        }
        guard let isFortran else { throw ArrayError("the header has no 'fortran_order'") }
        guard let shape else { throw ArrayError("the header has no 'shape'") }
        let (element, bigEndian) = try self.element(type)
        let header = ArrayHeader(element: element, bigEndian: bigEndian, shape: shape, offset: offset)
        try header.checkShape()
        guard !isFortran || shape.count == 1 else {
            throw ArrayError("the array is in Fortran order: save numpy.ascontiguousarray(array)")
        }
        return header
    }

    /// Reads the literals of Python that a header is made of.
    private struct Scanner {
        var rest: Substring

        var isAtEnd: Bool { rest.allSatisfy(\.isWhitespace) }

        mutating func take(_ token: String) -> Bool {
            rest = rest.drop(while: \.isWhitespace)
            guard rest.hasPrefix(token) else { return false }
            rest.removeFirst(token.count)
            return true
        }

        mutating func expect(_ token: String, _ place: String) throws(ArrayError) {
            guard take(token) else { throw unexpected("'\(token)' \(place)") }
        }

        /// The text between two quotes of a kind, without escapes: no key and no simple type has any.
        mutating func quoted() -> String? {
            for quote in ["'", "\""] where take(quote) {
                guard let end = rest.firstIndex(of: Character(quote)) else { return nil }
                defer { rest = rest[rest.index(after: end)...] }
                return String(rest[..<end])
            }
            return nil
        }

        /// `()`, `(3,)`, `(3, 4)`; with an `L` behind each number as Python 2 wrote them.
        mutating func shape() throws(ArrayError) -> [Int] {
            var shape: [Int] = []
            try expect("(", "to begin the shape")
            while !take(")") {
                rest = rest.drop(while: \.isWhitespace)
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let side = Int(digits) else { throw unexpected("a number from 0 in the shape") }
                rest = rest[digits.endIndex...]
                shape.append(side)
                _ = take("L")
                if take(",") { continue }
                try expect(")", "or ',' in the shape")
                break
            }
            return shape
        }

        func unexpected(_ what: String) -> ArrayError {
            let found = rest.drop(while: \.isWhitespace).prefix(20)
            return ArrayError("the header: expected \(what), got \(found.isEmpty ? "its end" : "'\(found)'")")
        }
    }

    private static func element(_ type: String) throws(ArrayError) -> (NumberElement, bigEndian: Bool) {
        let elements: [String: NumberElement] = [
            "u1": .uint8, "b1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32,
            "u8": .uint64, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
        ]
        guard let first = type.first, "<>|=".contains(first), let element = elements[String(type.dropFirst())] else {
            if let kind = type.drop(while: { "<>|=".contains($0) }).first, "USTO".contains(kind) {
                let texts = "texts or objects of type '\(type.prefix(20))' are no numbers"
                throw ArrayError(
                    "\(texts): save array.astype(numpy.float32) where each is written as a number; columns of texts are for "
                        + "a table, such as a CSV file",
                    ofTargets: "\(texts): number the classes, for example by numpy.unique(y, return_inverse=True)[1]")
            }
            throw ArrayError(
                "numbers of type '\(type.prefix(20))' cannot be read: expected booleans, integers of up to 64 bits or "
                    + "floats of 16, 32 or 64; save array.astype(numpy.float32)")
        }
        return (element, first == ">")
    }
}
