import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

/// Requests as bytes, and what they mean (RFC 9112).
@Suite struct RequestParserTests {
    private typealias Part = RequestParser.Part

    /// All parts of what comes, in pieces of at most `size` bytes; pieces of a body that follow each other are one.
    private func parts(_ text: String, piecesOf size: Int = .max, limits: RequestParser.Limits = .init())
        throws(Refusal)
        -> [Part]
    {
        var parser = RequestParser(limits: limits)
        var inbound = ByteBuffer()
        var parts: [Part] = []
        var bytes = Array(text.utf8)[...]
        repeat {
            inbound.writeBytes(bytes.prefix(size))
            bytes = bytes.dropFirst(size)
            while let part = try parser.next(&inbound) {
                if case .body(var piece) = part, case .body(var before)? = parts.last {
                    before.writeBuffer(&piece)
                    parts[parts.count - 1] = .body(before)
                } else {
                    parts.append(part)
                }
            }
        } while !bytes.isEmpty
        return parts
    }

    private func status(_ text: String, limits: RequestParser.Limits = .init()) -> UInt? {
        do throws(Refusal) {
            _ = try parts(text, limits: limits)
            return nil
        } catch {
            #expect(error.closesConnection, "what cannot be read ends the connection")
            return error.status.code
        }
    }

    private func head(_ text: String) throws -> HTTPRequestHead {
        guard case .head(let head, _)? = try parts(text).first else {
            Issue.record("no head in \(text)")
            return HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
        }
        return head
    }

    private static let get = "GET /v2 HTTP/1.1\r\nHost: test\r\n"

    private static let requests = [
        get + "\r\n",
        "\r\nGET /v2?x=1 HTTP/1.0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost:\t test \t\r\nContent-Length: 10\r\n\r\n0123\r\n6789",
        "POST /a HTTP/1.1\r\nhost: test\r\nTRANSFER-ENCODING: Chunked\r\n\r\n"
            + "4\r\nabcd\r\n0A;x=\"y\"; z\r\n0123456789\r\n000\r\nTrailer: a\r\nb:\r\n\r\n" + get + "\r\n",
    ]

    /// However the bytes are cut into pieces, the parts are the same.
    @Test(arguments: requests)
    func anyPieces(text: String) throws {
        let whole = try parts(text)
        #expect(whole.count >= 2 && whole.last == .end)
        for size in 1...text.utf8.count { #expect(try parts(text, piecesOf: size) == whole) }
    }

    @Test func bodiesEndWhereTheyShould() throws {
        let fixed = try parts(Self.requests[2] + Self.get + "\r\n")
        #expect(fixed[1...2] == [.body(ByteBuffer(string: "0123\r\n6789")), .end])
        #expect(fixed.count == 5)
        let chunked = try parts(Self.requests[3])
        #expect(chunked[1...2] == [.body(ByteBuffer(string: "abcd0123456789")), .end])
        #expect(try parts(Self.get + "Content-Length: 0\r\n\r\n").last == .end)
    }

    @Test func fieldsAreAsTheyWereSent() throws {
        let head = try head("GET /v2 HTTP/1.1\r\nHost: test\r\nX-a:\t one two \r\nx-b:\r\nX-c: gr\u{fc}n\r\n\r\n")
        #expect(head.headers["x-a"] == ["one two"])
        #expect(head.headers["x-b"] == [""])
        #expect(head.headers["x-c"] == ["grün"])
    }

    /// A whole URL is as good as a path, and its authority is not looked at.
    @Test(arguments: [
        ("GET /v2 HTTP/1.1", "/v2"), ("GET http://other/v2?a HTTP/1.1", "/v2?a"),
        ("GET HTTP://other:80/v2 HTTP/1.1", "/v2"), ("GET https://[::1]:80 HTTP/1.1", "/"),
        ("GET http://other?a HTTP/1.1", "/?a"), ("OPTIONS * HTTP/1.1", "*"), ("OPTIONS http://other HTTP/1.1", "*"),
        ("GET /v2 HTTP/1.9", "/v2"),
    ])
    func targets(line: String, path: String) throws {
        #expect(try head(line + "\r\nHost: test\r\n\r\n").uri == path)
    }

    @Test(arguments: [
        "test", "test:80", "test:", "127.0.0.1:8080", "[::1]", "[fe80::1%25eth0]:80", "", "a_b-c.d", "%41", "a,b",
    ])
    func hosts(host: String) throws {
        #expect(status("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == nil)
        #expect(status("GET / HTTP/1.0\r\nHost: \(host)\r\n\r\n") == nil)
    }

    @Test(arguments: [
        "a b", "a b/", "a/", "http://a", "a:b", "a:80:80", "[::1", "::1", "a@b", "a:123456", "a\\b", "[]", "[::1]x",
    ])
    func wrongHosts(host: String) {
        #expect(status("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == 400)
        #expect(status("GET / HTTP/1.0\r\nHost: \(host)\r\n\r\n") == 400)
    }

    @Test func everyRequestHasOneHost() {
        #expect(status("GET / HTTP/1.1\r\n\r\n") == 400)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n") == 400)
        #expect(status("GET http://a/ HTTP/1.1\r\n\r\n") == 400)
        #expect(status("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == 400)
        #expect(status("GET / HTTP/1.0\r\n\r\n") == nil)
    }

    private static let wrongLines: [(String, UInt)] = [
        ("GARBAGE", 400), ("GET /", 400), ("GET  / HTTP/1.1", 400), ("GET / HTTP/1.1 ", 400), ("GET / x HTTP/1.1", 400),
        (" GET / HTTP/1.1", 400), ("GET\t/ HTTP/1.1", 400), ("GET / http/1.1", 400), ("GET / HTTP/1", 400),
        ("GET / HTTP/1.10", 400), ("GET / HTTP/+1.1", 400), ("G(T / HTTP/1.1", 400), ("GET /\u{0} HTTP/1.1", 400),
        ("GET /\u{7f} HTTP/1.1", 400), ("GET /\r HTTP/1.1", 400), ("GET /grün HTTP/1.1", 400),
        ("GET * HTTP/1.1", 400), ("GET v2 HTTP/1.1", 400), ("GET http:///v2 HTTP/1.1", 400),
        ("GET http://a b/ HTTP/1.1", 400), ("GET ftp://a/ HTTP/1.1", 400), ("\u{16}\u{3}\u{1}", 400),
        ("GET / HTTP/2.0", 505), ("GET / HTTP/0.9", 505), ("PRI * HTTP/2.0", 505), ("GET / HTTP/9.9", 505),
        ("BREW / HTTP/1.1", 501), ("get / HTTP/1.1", 501), ("CONNECT a:80 HTTP/1.1", 501),
    ]

    @Test(arguments: wrongLines)
    func wrongRequestLines(line: String, expected: UInt) {
        #expect(status(line + "\r\nHost: test\r\n\r\n") == expected)
    }

    @Test(arguments: [
        " folded: x", "\tfolded", "name : value", ": value", "no colon", "na me: value", "n\u{e4}me: value",
        "name: a\rb", "name: a\u{0}b", "name: a\u{1}b", "name: \u{7f}", "na\u{0}me: x", "name\t: x", "(: x", "",
    ])
    func wrongFields(line: String) {
        guard !line.isEmpty else { return #expect(status(Self.get.replacing("\r\n", with: "\n") + "\n") == 400) }
        #expect(status(Self.get + line + "\r\n\r\n") == 400)
        #expect(status("GET / HTTP/1.1\r\n" + line + "\r\nHost: test\r\n\r\n") == 400)
    }

    @Test func linesEndWithBothCharacters() {
        #expect(status("GET / HTTP/1.1\nHost: test\r\n\r\n") == 400)
        #expect(status("GET / HTTP/1.1\r\nHost: test\n\r\n") == 400)
        #expect(status("GET / HTTP/1.1\r\nHost: test\r\n\n") == 400)
        #expect(status("\n" + Self.get + "\r\n") == 400)
        #expect(status("\r\n\r\n" + Self.get + "\r\n") == 400)
    }

    /// Two readings of where a body ends let a request hide in another (RFC 9112, section 11.2).
    @Test(arguments: [
        ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Content-Length: 5"],
        ["Content-Length: 5", "Content-Length: 6"], ["Content-Length: 5", "Content-Length: 5"], ["Content-Length: +5"],
        ["Content-Length: 0x5"], ["Content-Length: -1"], ["Content-Length: 5, 6"], ["Content-Length: 5, 5"],
        ["Content-Length: "], ["Content-Length: 5 5"],
        ["Transfer-Encoding: chunked, identity"], ["Transfer-Encoding: xchunked"], ["Transfer-Encoding: identity"],
        ["Transfer-Encoding: gzip"], ["Transfer-Encoding: "], ["Transfer-Encoding: chunked, chunked"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked;q=1"],
        ["Transfer-Encoding: \"chunked\""],
    ])
    func ambiguousLengths(fields: [String]) {
        let fields = fields.map { $0 + "\r\n" }.joined()
        #expect(status("POST / HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n0\r\n\r\n") == 400)
        #expect(status("POST / HTTP/1.0\r\n" + fields + "\r\n0\r\n\r\n") == 400)
    }

    @Test func transferCodingsAreNotThere() {
        let head = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: "
        #expect(status(head + "gzip, chunked\r\n\r\n") == 501)
        #expect(status(head + "gzip\r\nTransfer-Encoding: chunked\r\n\r\n") == 501)
        #expect(status("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400)
    }

    @Test(arguments: [
        "x\r\n", "\r\n", " 5\r\nabcde\r\n", "5 \r\nabcde\r\n", "-5\r\n", "+5\r\n", "0x5\r\nabcde\r\n", "5\nabcde\r\n",
        "5\r\nabcde\n", "5\r\nabcdef\r\n", "5\r\nabcd\r\n0\r\n\r\n", "5;\u{0}\r\nabcde\r\n", "5,x\r\nabcde\r\n",
        "5;" + String(repeating: "x", count: 5000),
        String(repeating: "1;" + String(repeating: "x", count: 3000) + "\r\na\r\n", count: 6), "0\r\nno colon\r\n\r\n",
        "0\r\n folded: x\r\n\r\n", "0\r\nname : x\r\n\r\n",
    ])
    func wrongChunks(body: String) {
        #expect(status("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + body) == 400)
    }

    /// A size that no body may have is told as such, however many digits it has.
    @Test(arguments: ["9", "000000000000000000009", "7fffffffffffffff", "ffffffffffffffff", "10000000000000000"])
    func chunksThatAreTooLarge(size: String) {
        let limits = RequestParser.Limits(bodyBytes: 8)
        let head = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(status(head + size + "\r\n", limits: limits) == 413)
        #expect(status(head + "000000000000000000008\r\n12345678\r\n0\r\n\r\n", limits: limits) == nil)
    }

    @Test func headsAreLimited() {
        let long = String(repeating: "y", count: 20_000)
        #expect(status("GET /" + long) == 414)
        #expect(status("GET /" + long + " HTTP/1.1\r\n") == 414)
        #expect(status(Self.get + "x: " + long) == 431)
        #expect(status(Self.get + "x: " + long + "\r\n\r\n") == 431)
        #expect(status(Self.get + (0..<40).map { "x\($0): \(long.prefix(500))\r\n" }.joined()) == 431)
        #expect(status(Self.get + (0..<150).map { "x\($0): y\r\n" }.joined()) == 431)
        let trailers = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        #expect(status(trailers + "x: " + long) == 431)
        #expect(status(trailers + (0..<150).map { "x\($0): y\r\n" }.joined()) == 431)
        // Just as much as is allowed.
        let limits = RequestParser.Limits(requestLineBytes: 16, headerBytes: 19, fields: 2)
        #expect(status("GET /v2 HTTP/1.1\r\nHost: t\r\nx: 23456\r\n\r\n", limits: limits) == nil)
        #expect(status("GET /v2x HTTP/1.1\r\nHost: t\r\nx: 23456\r\n\r\n", limits: limits) == 414)
        #expect(status("GET /v2 HTTP/1.1\r\nHost: t\r\nx: 234567\r\n\r\n", limits: limits) == 431)
        #expect(status("GET /v2 HTTP/1.1\r\nHost: t\r\nx: 2\r\ny: 3\r\n\r\n", limits: limits) == 431)
    }

    /// Requests changed at random places give parts or a refusal; nothing traps or goes on for ever.
    @Test func anyBytes() {
        var random = SplitMix(state: 12)
        let tokens = ["\r\n", "\n", "\r", ":", " ", "\u{0}", "chunked", "0\r\n\r\n", "9999999999", ";", "HTTP/1.1"]
        for round in 0..<20_000 {
            var bytes = Array(Self.requests[round % Self.requests.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(contentsOf: tokens.randomElement(using: &random)!.utf8, at: place)
                default: bytes.removeSubrange(place..<max(place, min(bytes.count - 1, place + 5)))
                }
            }
            var parser = RequestParser()
            var inbound = ByteBuffer(bytes: bytes)
            do throws(Refusal) {
                while try parser.next(&inbound) != nil {}
            } catch {
                #expect((400...505).contains(error.status.code))
            }
        }
    }
}
