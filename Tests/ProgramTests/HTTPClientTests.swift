import Dispatch
import Foundation
import Synchronization
import Testing

@testable import martlet

@Suite struct HTTPClientTests {
    private static func answer(_ status: String, _ body: String) -> String {
        "HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)"
    }

    /// The head is the whole of a GET: a server owes the client no more time than that.
    @Test func aServerThatAnswersAndClosesAtOnceIsHeardEachTime() async throws {
        let server = try StandInServer { connection in
            StandInServer.readHead(connection)
            StandInServer.write(Self.answer("200 OK", "yes"), to: connection)
        }
        for _ in 0..<300 {
            let response = try await HTTPClient.send(
                .init(method: .get, url: server.url + "/v2"), timeout: .seconds(30))
            #expect(response.status == 200)
            #expect(response.body == Array("yes".utf8))
        }
    }

    @Test func aRefusalBeforeTheBodyIsReadIsHeard() async throws {
        let heard = DispatchSemaphore(value: 0)
        let server = try StandInServer { connection in
            StandInServer.readHead(connection)
            StandInServer.write(Self.answer("413 Content Too Large", "too long"), to: connection)
            // Nothing is read, so the body cannot all be sent before the answer is there.
            heard.wait()
        }
        for _ in 0..<10 {
            let response = try await HTTPClient.send(
                .init(method: .post, url: server.url + "/", body: [UInt8](repeating: 0x20, count: 20 << 20)),
                timeout: .seconds(30))
            #expect(response.status == 413)
            #expect(response.body == Array("too long".utf8))
            heard.signal()
        }
    }

    @Test func requestsSayWhomTheyAskAndHowLongTheyAre() async throws {
        let heads = Mutex<[String]>([])
        let server = try StandInServer { connection in
            let head = StandInServer.readHead(connection)
            heads.withLock { $0.append(head) }
            // What is left unread when a connection is closed takes the answer along.
            if head.hasPrefix("POST") { StandInServer.read(3, from: connection) }
            StandInServer.write(Self.answer("200 OK", ""), to: connection)
        }
        _ = try await HTTPClient.send(.init(method: .get, url: server.url + "/a?b=c"), timeout: .seconds(30))
        _ = try await HTTPClient.send(.init(method: .post, url: server.url, body: [1, 2, 3]), timeout: .seconds(30))
        #expect(
            heads.withLock { $0 } == [
                "GET /a?b=c HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\nconnection: close\r\n\r\n",
                "POST / HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\ncontent-length: 3\r\nconnection: close\r\n\r\n",
            ])
    }

    private func failure(_ url: String, timeout: Duration = .seconds(30), limit: Int = 100) async -> String? {
        do {
            _ = try await HTTPClient.send(.init(method: .get, url: url), timeout: timeout, limit: limit)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func whatIsNoAnswerIsSaidInWords() async throws {
        let closing = try StandInServer { connection in
            StandInServer.readHead(connection)
            StandInServer.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", to: connection)
        }
        #expect(
            await failure(closing.url)?.hasPrefix("the connection was closed before the answer was complete") == true)
        let strange = try StandInServer { connection in
            StandInServer.readHead(connection)
            StandInServer.write("220 mail.example.org ESMTP\r\n", to: connection)
        }
        #expect(
            await failure(strange.url)
                == "the connection was closed before the answer was complete: what came is not HTTP/1.1")
        let long = try StandInServer { connection in
            StandInServer.readHead(connection)
            StandInServer.write(Self.answer("200 OK", String(repeating: "x", count: 101)), to: connection)
        }
        #expect(await failure(long.url) == "the answer is longer than 100 bytes")
        let silent = try StandInServer { connection in
            // Nothing but waiting for the client to leave.
            while !StandInServer.readHead(connection).isEmpty {}
        }
        #expect(
            await failure(silent.url, timeout: .milliseconds(100)) == "\(silent.url) did not answer within 0.1 seconds")
    }

    @Test func whoCannotBeReachedIsSaidInWords() async throws {
        let port = try ClosedPort()
        defer { withExtendedLifetime(port) {} }
        #expect(
            await failure("http://127.0.0.1:\(port.number)/v2")
                == "127.0.0.1:\(port.number) cannot be reached: Connection refused")
        #expect(
            await failure("https://127.0.0.1/") == "'https://127.0.0.1/' is not a URL of the form http://host:port/path"
        )
    }

    @Test func addressesOfIPv6StandInBrackets() throws {
        let target = try HTTPClient.Target("http://[::1]:8080/v2")
        #expect(target.host == "::1")
        #expect(target.address == "[::1]:8080")
        #expect(target.path == "/v2")
    }
}
