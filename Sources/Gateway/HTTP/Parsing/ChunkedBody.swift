import NIOCore
import NIOHTTP1

/// A body in pieces of announced sizes (RFC 9112, section 7.1).
struct ChunkedBody {
    /// Bytes of one line before a piece, and of all that stands in such lines beside the sizes.
    static let lineBytes = 4 << 10
    static let extensionBytes = 16 << 10

    private enum State {
        case size
        case data(left: Int)
        /// The end of line behind a piece.
        case dataEnd
        case trailers
    }

    private var state = State.size
    private var lines = LineReader()
    private var extensions = 0
    private var trailers: FieldSection
    private let limit: BodyLimit

    /// - Parameter limits: also those of the fields behind the body, which are checked and of no further use.
    init(limits: RequestParser.Limits) {
        trailers = FieldSection(limits: limits)
        limit = BodyLimit(bytes: limits.bodyBytes)
    }

    /// The next part, nil until more has come.
    mutating func next(_ buffer: inout ByteBuffer) throws(Refusal) -> RequestParser.Part? {
        while true {
            switch state {
            case .size:
                guard let line = try line(&buffer) else { return nil }
                let size = try size(line)
                state = size == 0 ? .trailers : .data(left: size)
            case .data(let left):
                guard buffer.readableBytes > 0 else { return nil }
                let piece = buffer.readSlice(length: min(left, buffer.readableBytes))!
                state = left == piece.readableBytes ? .dataEnd : .data(left: left - piece.readableBytes)
                return .body(piece)
            case .dataEnd:
                guard let line = try line(&buffer) else { return nil }
                guard line.readableBytes == 0 else { throw Self.refusal("a chunk is longer than its size says") }
                state = .size
            case .trailers:
                return try trailers.read(&buffer) ? .end : nil
            }
        }
    }

    private mutating func line(_ buffer: inout ByteBuffer) throws(Refusal) -> ByteBuffer? {
        do throws(LineReader.Problem) {
            return try lines.next(&buffer, limit: Self.lineBytes)
        } catch {
            switch error {
            case .tooLong: throw Self.refusal("expected the size of a chunk in a line of its own")
            case .bareLineFeed: throw Self.refusal("expected lines of a chunked body to end with CR and LF")
            }
        }
    }

    /// `1*HEXDIG`, and extensions of which none is known here. Throws 413 where no body may have so many bytes.
    private mutating func size(_ line: ByteBuffer) throws(Refusal) -> Int {
        let bytes = line.readableBytesView
        let digits = bytes.prefix { Self.hexadecimal($0) != nil }
        let rest = bytes.dropFirst(digits.count).drop(while: FieldCharacters.isBlank)
        guard !digits.isEmpty, digits.count == bytes.count || rest.first == UInt8(ascii: ";"),
            rest.allSatisfy(FieldCharacters.isValue)
        else {
            throw Self.refusal(
                "expected the size of a chunk in hexadecimal digits, got '\(String(buffer: line).prefix(40))'")
        }
        extensions += bytes.count - digits.count
        guard extensions <= Self.extensionBytes else {
            throw Self.refusal("the extensions of chunks may have \(Self.extensionBytes) bytes together")
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        guard significant.count <= 15 else { throw limit.exceeded("has a chunk of more than can be counted") }
        let size = significant.reduce(0) { $0 << 4 | Self.hexadecimal($1)! }
        guard size <= limit.bytes else { throw limit.exceeded("has a chunk of \(size)") }
        return size
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func refusal(_ message: String) -> Refusal {
        Refusal(.badRequest, "transfer-encoding: \(message)", closesConnection: true)
    }
}
