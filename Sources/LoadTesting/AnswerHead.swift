/// The parts of an answer's head that a load generator needs, read without making strings of it: what the generator
/// takes of a small machine is missing to the server.
struct AnswerHead: Equatable {
    var status: Int
    /// Head and body.
    var totalCount: Int

    init(status: Int, totalCount: Int) {
        self.status = status
        self.totalCount = totalCount
    }

    /// Nil while the head is not whole. Throws where it is not one of HTTP/1.1 with a length.
    init?(_ bytes: UnsafeRawBufferPointer) throws {
        guard let end = Self.end(of: bytes) else { return nil }
        let head = UnsafeRawBufferPointer(rebasing: bytes[..<end])
        guard let status = Self.status(head), let length = Self.contentLength(head) else {
            throw LoadGenerator.Problem.malformedAnswer(String(decoding: head.prefix(80), as: UTF8.self))
        }
        self.status = status
        totalCount = end + length
    }

    /// Behind the empty line.
    private static func end(of bytes: UnsafeRawBufferPointer) -> Int? {
        var index = 3
        while index < bytes.count {
            if bytes[index] == newline, bytes[index - 1] == 13, bytes[index - 2] == newline, bytes[index - 3] == 13 {
                return index + 1
            }
            index += 1
        }
        return nil
    }

    /// `HTTP/1.1 200 OK`
    private static func status(_ head: UnsafeRawBufferPointer) -> Int? {
        guard head.count > 12, head.starts(with: "HTTP/1.".utf8), head[8] == space else { return nil }
        return number(head, from: 9)
    }

    private static func contentLength(_ head: UnsafeRawBufferPointer) -> Int? {
        let name: StaticString = "\ncontent-length:"
        var line = 0
        while let start = head[line...].firstIndex(of: newline), start + name.utf8CodeUnitCount < head.count {
            line = start + 1
            let field = UnsafeRawBufferPointer(rebasing: head[start...])
            // Letters differ from their capitals in one bit, which the others here have set already or not at all.
            let isLength = name.withUTF8Buffer { name in
                name.indices.allSatisfy { name[$0] == field[$0] || name[$0] == field[$0] | 0x20 }
            }
            guard isLength else { continue }
            var value = start + name.utf8CodeUnitCount
            while value < head.count, head[value] == space { value += 1 }
            return number(head, from: value)
        }
        return nil
    }

    private static func number(_ head: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var value = 0
        var index = start
        while index < head.count, case let digit = Int(head[index]) - 48, (0...9).contains(digit) {
            guard value < 1 << 40 else { return nil }
            value = value * 10 + digit
            index += 1
        }
        return index > start ? value : nil
    }

    private static let newline: UInt8 = 10
    private static let space: UInt8 = 32
}
