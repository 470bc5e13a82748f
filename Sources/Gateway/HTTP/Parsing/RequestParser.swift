import NIOCore
import NIOHTTP1

/// Takes requests of HTTP/1.1 (RFC 9112) apart as their bytes come. A value without I/O: bytes go in, parts come out.
///
/// Where two readers might see the end of a line, a field or a body at different places, the request is refused: that is
/// how one request hides in another. `Upgrade` is not heard, as section 7.8 of RFC 9110 allows: there is nothing here to
/// change to.
struct RequestParser {
    enum Part: Equatable {
        /// A head, and how the body ends that follows it.
        case head(HTTPRequestHead, BodyFraming)
        case body(ByteBuffer)
        case end
    }

    struct Limits: Sendable {
        /// Bytes of the line with method and path; more is 414.
        var requestLineBytes = 8 << 10
        /// Bytes of the header fields together, and how many they may be; more is 431.
        var headerBytes = 16 << 10
        var fields = 100
        /// Bytes of a body; a piece that is announced to be larger is 413.
        var bodyBytes = Int.max
    }

    private enum State {
        case requestLine
        case fields(RequestLine, FieldSection)
        case body(left: Int)
        case chunks(ChunkedBody)
    }

    private let limits: Limits
    private var state = State.requestLine
    private var lines = LineReader()
    private var skippedEmptyLine = false

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether nothing of a next request has been taken yet.
    var isBetweenRequests: Bool {
        if case .requestLine = state { !skippedEmptyLine } else { false }
    }

    /// The next part, nil until more has come. After it threw, nothing that follows has a meaning.
    mutating func next(_ buffer: inout ByteBuffer) throws(Refusal) -> Part? {
        while true {
            switch state {
            case .requestLine:
                guard let line = try requestLine(&buffer) else { return nil }
                state = .fields(line, FieldSection(limits: limits))
            case .fields(let line, var section):
                // Leaves one owner of the fields, so that they grow in place.
                state = .requestLine
                guard try section.read(&buffer) else {
                    state = .fields(line, section)
                    return nil
                }
                return try begin(line, section.fields)
            case .body(left: 0):
                state = .requestLine
                return .end
            case .body(let left):
                guard buffer.readableBytes > 0 else { return nil }
                let piece = buffer.readSlice(length: min(left, buffer.readableBytes))!
                state = .body(left: left - piece.readableBytes)
                return .body(piece)
            case .chunks(var chunks):
                let part = try chunks.next(&buffer)
                state = part == .end ? .requestLine : .chunks(chunks)
                return part
            }
        }
    }

    private mutating func requestLine(_ buffer: inout ByteBuffer) throws(Refusal) -> RequestLine? {
        while let line = try line(&buffer) {
            if line.readableBytes > 0 {
                skippedEmptyLine = false
                return try RequestLine(line)
            }
            // Old clients send one behind a body (RFC 9112, section 2.2).
            guard !skippedEmptyLine else {
                throw Refusal(.badRequest, "expected a request of HTTP/1.1, got empty lines", closesConnection: true)
            }
            skippedEmptyLine = true
        }
        return nil
    }

    private mutating func line(_ buffer: inout ByteBuffer) throws(Refusal) -> ByteBuffer? {
        do throws(LineReader.Problem) {
            return try lines.next(&buffer, limit: limits.requestLineBytes)
        } catch {
            switch error {
            case .tooLong:
                throw Refusal(
                    .uriTooLong, "the line with method and path may have \(limits.requestLineBytes) bytes",
                    closesConnection: true)
            case .bareLineFeed:
                throw Refusal(
                    .badRequest, "expected a request of HTTP/1.1, whose lines end with CR and LF",
                    closesConnection: true)
            }
        }
    }

    private mutating func begin(_ line: RequestLine, _ fields: [(String, String)]) throws(Refusal) -> Part {
        let head = HTTPRequestHead(
            version: line.version, method: line.method, uri: line.path, headers: HTTPHeaders(fields))
        try HostField.check(head)
        let framing = try BodyFraming(head)
        switch framing {
        case .none: state = .body(left: 0)
        case .length(let length): state = .body(left: length)
        case .chunked: state = .chunks(ChunkedBody(limits: limits))
        }
        return .head(head, framing)
    }
}
