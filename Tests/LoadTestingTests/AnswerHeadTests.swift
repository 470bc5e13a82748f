import Testing

@testable import LoadTesting

@Suite struct AnswerHeadTests {
    private func head(_ text: String) throws -> AnswerHead? {
        try Array(text.utf8).withUnsafeBytes { try AnswerHead($0) }
    }

    @Test(arguments: [
        "Content-Length: 5", "content-length:5", "X: y\r\nCONTENT-LENGTH:   5\r\nZ: 7", "content-length: 5\r\nx: y",
    ])
    func readsStatusAndLength(fields: String) throws {
        let text = "HTTP/1.1 503 Service Unavailable\r\n\(fields)\r\n\r\n"
        let head = try #require(try head(text + "12345"))
        #expect(head.status == 503)
        #expect(head.totalCount == text.utf8.count + 5)
    }

    /// At whichever byte a read ends, the head is there only when it is whole.
    @Test func waitsForTheWholeHead() throws {
        let text = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        for count in 0..<text.utf8.count {
            #expect(try head(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == nil)
        }
        #expect(try head(text) == AnswerHead(status: 200, totalCount: text.utf8.count))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nx-content-length: 5\r\n\r\n",
        "HTTP/1.1 abc\r\ncontent-length: 5\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2 and more\r\ncontent-length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
    ])
    func refusesWhatIsNoAnswer(text: String) {
        #expect(throws: LoadGenerator.Problem.self) { try head(text) }
    }
}
