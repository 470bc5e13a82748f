import NIOHTTP1

/// How the end of a request's body is known (RFC 9112, section 6). What leaves two readings is refused, and ends the
/// connection: where the next request begins is then anybody's guess.
enum BodyFraming: Equatable {
    case none
    case length(Int)
    case chunked

    init(_ head: HTTPRequestHead) throws(Refusal) {
        let lengths = head.headers["content-length"]
        guard head.headers.contains(name: "transfer-encoding") else {
            self = try Self.announced(lengths)
            return
        }
        guard head.version != .http1_0 else {
            throw Self.refusal("transfer-encoding: HTTP/1.0 has none; send content-length")
        }
        guard lengths.isEmpty else {
            throw Self.refusal("expected content-length or transfer-encoding, got both")
        }
        let codings = head.headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }
        let named = codings.joined(separator: ", ")
        guard codings.last == "chunked", codings.dropLast().allSatisfy({ $0 != "chunked" }) else {
            throw Self.refusal("transfer-encoding: expected chunked as the last coding, got '\(named)'")
        }
        guard codings.count == 1 else {
            throw Refusal(
                .notImplemented,
                """
                transfer-encoding: expected chunked alone, got '\(named)'; a compressed body says so in content-encoding
                """, closesConnection: true)
        }
        self = .chunked
    }

    private static func announced(_ lengths: [String]) throws(Refusal) -> BodyFraming {
        guard let text = lengths.first else { return .none }
        guard lengths.count == 1 else {
            throw refusal(
                "content-length: expected one number, got \(lengths.count): \(lengths.joined(separator: ", "))")
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw refusal("content-length: expected a number of bytes, got '\(text)'")
        }
        // More than can be counted is more than any body may have.
        let length = Int(text) ?? .max
        return length == 0 ? .none : .length(length)
    }

    private static func refusal(_ message: String) -> Refusal {
        Refusal(.badRequest, message, closesConnection: true)
    }
}
