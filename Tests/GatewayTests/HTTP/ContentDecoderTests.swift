import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

/// Bodies that are sent compressed.
@Suite struct ContentDecoderTests {
    static let row = #"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}"#

    private static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64)!) }

    /// The row, as Python's zlib compresses it: in a gzip file, in zlib's own format, and bare.
    static let gzip = bytes(
        "H4sIAAAAAAACA6tWyswrKC0pVrKKrlbKS8xNVbKCiCjpKBVnJBYA+dGGOsaxOkopiSWJJZUgASW3AGMjJYgIWNoIqKA2thYA96RN8kwAAAA=")
    static let zlib = bytes(
        "eNqrVsrMKygtKVayiq5WykvMTVWygogo6SgVZyQWAPnRhjrGsTpKKYkliSWVIAEltwBjIyWICFjaCKigNrYWALOnF48=")
    static let bare = bytes(
        "q1bKzCsoLSlWsoquVspLzE1VsoKIKOkoFWckFgD50YY6xrE6SimJJYkllSABJbcAYyMliAhY2giooDa2FgA=")
    /// 65,536 spaces in 97 bytes.
    static let spaces = bytes(
        "H4sIAAAAAAACA+3BgQAAAACAIJX9KRepCgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAGqUGSy0AAABAA==")

    private func decode(
        _ bytes: [UInt8], _ coding: ContentDecoder.Coding, piecesOf size: Int = .max, limit: Int = 1 << 20
    ) throws(Refusal) -> String {
        let decoder = ContentDecoder(coding, limit: BodyLimit(bytes: limit))
        var body = ByteBuffer()
        var rest = bytes[...]
        while !rest.isEmpty {
            try decoder.decode(ByteBuffer(bytes: rest.prefix(size)), into: &body)
            rest = rest.dropFirst(size)
        }
        try decoder.finish()
        return String(buffer: body)
    }

    private func status(_ bytes: [UInt8], _ coding: ContentDecoder.Coding, limit: Int = 1 << 20) -> UInt? {
        do throws(Refusal) {
            _ = try decode(bytes, coding, limit: limit)
            return nil
        } catch {
            return error.status.code
        }
    }

    @Test(arguments: [1, 7, 1000])
    func everyFormat(piecesOf size: Int) throws {
        #expect(try decode(Self.gzip, .gzip, piecesOf: size) == Self.row)
        #expect(try decode(Self.zlib, .deflate, piecesOf: size) == Self.row)
        #expect(try decode(Self.bare, .deflate, piecesOf: size) == Self.row)
        #expect(try decode(Self.gzip + Self.gzip, .gzip, piecesOf: size) == Self.row + Self.row)
    }

    /// The limit holds for what comes of a body, and is kept while it comes.
    @Test func bombs() {
        let many = Array(repeatElement(Self.spaces, count: 100).joined())
        #expect(status(many, .gzip, limit: 100 << 16) == nil)
        #expect(status(many, .gzip, limit: 100 << 16 - 1) == 413)
        #expect(status(many, .gzip, limit: 5000) == 413, "nor may the compressed body be longer")
    }

    @Test func damage() {
        #expect(status(Self.gzip.dropLast(), .gzip) == 400)
        #expect(status([], .gzip) == 400)
        #expect(status(Self.gzip + [1, 2, 3], .gzip) == 400)
        #expect(status(Self.zlib + [1, 2, 3], .deflate) == 400)
        #expect(status(Array(Self.row.utf8), .gzip) == 400)
        #expect(status(Array(Self.row.utf8), .deflate) == 400)
        #expect(status(Self.zlib, .gzip) == 400)
        var wrong = Self.gzip
        wrong[wrong.count - 6] ^= 1
        #expect(status(wrong, .gzip) == 400, "a wrong check sum")
        let refusal = #expect(throws: Refusal.self) { try decode(wrong, .gzip) }
        #expect(
            refusal?.message
                == "content-encoding: the body is no gzip, or was damaged on its way: compress it anew")
    }

    @Test func codings() throws {
        func coding(_ fields: String...) throws(Refusal) -> ContentDecoder.Coding? {
            try ContentDecoder.coding(HTTPHeaders(fields.map { ("Content-Encoding", $0) }))
        }
        #expect(try coding() == nil && coding("identity") == nil && coding("") == nil)
        #expect(try coding("GZip") == .gzip && coding("x-gzip") == .gzip && coding("identity, deflate") == .deflate)
        for unknown in [["br"], ["zstd"], ["gzip, gzip"], ["gzip", "deflate"], ["gzip;q=1"]] {
            let fields = HTTPHeaders(unknown.map { ("content-encoding", $0) })
            #expect(throws: Refusal.self) { try ContentDecoder.coding(fields) }
        }
    }

    private static let sent: [([UInt8], String)] = [
        (gzip, "gzip"), (zlib, "deflate"), (bare, "deflate"), (Array(row.utf8), "identity"),
    ]

    @Test(arguments: sent)
    func compressedRequestsAreAnswered(body: [UInt8], coding: String) async throws {
        try await TestGateway.with { test async throws in
            let answer = try await test.request(
                "POST", "/v2/models/sums/infer", headers: ["Content-Encoding": coding], body: body)
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""data":[6.0,-6.0]"#))
            #expect(test.gateway.admission.current.bytes == 0)
        }
    }

    /// The length before binary tensors is that of the JSON as it is when decompressed.
    @Test func compressedBinaryTensors() async throws {
        let body = Self.bytes(
            "H4sIAAAAAAACA6tWyswrKC0pVrKKrlbKS8xNVbKCiCjpKBVnJBYA+dGGOsaxOkopiSWJJZUgASW3AGMjoHxBYhFQQ0"
                + "lqEVB3tVJSZl5iUWU8SFl8cWYVUJ2hUW1tbC0DQ4M9AwODAxA5AAAsCwANbgAAAA==")
        try await TestGateway.with { test async throws in
            let answer = try await test.request(
                "POST", "/v2/models/sums/infer",
                headers: ["Content-Encoding": "gzip", "Inference-Header-Content-Length": "98"], body: body)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test func whatIsNotKnownIsSaid() async throws {
        try await TestGateway.with(limits: .init(bodyBytes: 60_000)) { test async throws in
            let path = "/v2/models/sums/infer"
            let unknown = try await test.request("POST", path, headers: ["Content-Encoding": "br"], body: Self.gzip)
            #expect(unknown.status == 415)
            #expect(unknown.headers["accept-encoding"] == "gzip, deflate")
            #expect(try unknown.error == "content-encoding: expected one of gzip, deflate, got 'br'")
            let bomb = try await test.request("POST", path, headers: ["Content-Encoding": "gzip"], body: Self.spaces)
            #expect(bomb.status == 413)
            #expect(
                try bomb.error == "the body may have 60000 bytes, this one has more when it is decompressed; "
                    + "send fewer rows at a time")
            #expect(test.gateway.admission.current.bytes == 0)
        }
    }
}
