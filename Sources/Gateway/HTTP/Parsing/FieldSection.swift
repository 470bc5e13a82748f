import NIOCore
import NIOHTTP1

/// The fields of a head or a trailer, line by line (RFC 9112, section 5).
struct FieldSection {
    private let limits: RequestParser.Limits
    private var lines = LineReader()
    private var bytes = 0
    private(set) var fields: [(String, String)] = []

    init(limits: RequestParser.Limits) {
        self.limits = limits
    }

    /// Takes what lines there are. True once the empty line has come that ends them.
    mutating func read(_ buffer: inout ByteBuffer) throws(Refusal) -> Bool {
        while let line = try line(&buffer) {
            guard line.readableBytes > 0 else { return true }
            // With the end of the line.
            bytes += line.readableBytes + 2
            guard fields.count < limits.fields, bytes <= limits.headerBytes else { throw tooLarge }
            let read = line.withUnsafeReadableBytes { bytes in
                Result { () throws(Refusal) in try field(bytes) }
            }
            fields.append(try read.get())
        }
        return false
    }

    private mutating func line(_ buffer: inout ByteBuffer) throws(Refusal) -> ByteBuffer? {
        do throws(LineReader.Problem) {
            return try lines.next(&buffer, limit: limits.headerBytes - bytes)
        } catch {
            switch error {
            case .tooLong: throw tooLarge
            case .bareLineFeed: throw Self.refusal("expected lines to end with CR and LF")
            }
        }
    }

    private func field(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> (String, String) {
        guard !FieldCharacters.isBlank(bytes[0]) else {
            throw Self.refusal("a field may not go on in another line")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[..<colon].allSatisfy(FieldCharacters.isToken)
        else {
            throw Self.refusal("expected 'name: value', got '\(String(decoding: bytes.prefix(40), as: UTF8.self))'")
        }
        let name = String(decoding: bytes[..<colon], as: UTF8.self)
        var value = bytes[(colon + 1)...].drop(while: FieldCharacters.isBlank)
        while let last = value.last, FieldCharacters.isBlank(last) { value.removeLast() }
        guard value.allSatisfy(FieldCharacters.isValue) else {
            throw Self.refusal("\(name.prefix(40)): a value may not have control characters")
        }
        return (name, String(decoding: value, as: UTF8.self))
    }

    private var tooLarge: Refusal {
        Refusal(
            .requestHeaderFieldsTooLarge,
            """
            the request's header fields are too many or too long: \(limits.fields) of them may have \
            \(limits.headerBytes) bytes together
            """, closesConnection: true)
    }

    private static func refusal(_ message: String) -> Refusal {
        Refusal(.badRequest, "header fields: \(message)", closesConnection: true)
    }
}
