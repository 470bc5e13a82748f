import LocalCluster
import Foundation
import Synchronization
import Testing

@testable import martlet

@Suite struct GatewayConversationTests {
    private static let answer = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nyes"

    /// A cluster's folder whose gateway is said to run as this process.
    private static func cluster(at url: String, process: ProcessRecord? = nil) throws -> ClusterFolder {
        let root = FileManager.default.temporaryDirectory.appending(path: "predict-\(UUID().uuidString)")
        let folder = ClusterFolder(root: root)
        try folder.create()
        let running = try #require(ProcessRecord(of: getpid()))
        try (process ?? running).write(to: folder.processRecord(of: NodeName.gateway))
        try Data((url + "\n").utf8).write(to: folder.endpointFile(of: NodeName.gateway))
        return folder
    }

    /// The one before was killed in the middle of an answer; the one after it has another address.
    @Test func aRequestThatWasCutOffIsAskedAgainWhereTheGatewayIsThen() async throws {
        let second = try StandInServer { connection in
            StandInServer.readHead(connection)
            StandInServer.write(Self.answer, to: connection)
        }
        let asked = Mutex(0)
        let place = Mutex<URL?>(nil)
        let first = try StandInServer { connection in
            StandInServer.readHead(connection)
            let count = asked.withLock { count in
                count += 1
                return count
            }
            if count == 1 { return StandInServer.write(Self.answer, to: connection) }
            StandInServer.write("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\ny", to: connection)
            try? Data((second.url + "\n").utf8).write(to: place.withLock { $0! })
        }
        let folder = try Self.cluster(at: first.url)
        defer { try? FileManager.default.removeItem(at: folder.root) }
        place.withLock { $0 = folder.endpointFile(of: NodeName.gateway) }
        var conversation = GatewayConversation(.cluster(folder))
        #expect(try await conversation.send(.get, "/v2").status == 200)
        let response = try await conversation.send(.post, "/v2/infer", body: [])
        #expect(response.body == Array("yes".utf8))
        #expect(asked.withLock { $0 } == 2)
    }

    @Test func whereNobodyEverAnsweredIsNotWaitedFor() async throws {
        let port = try ClosedPort()
        defer { withExtendedLifetime(port) {} }
        await #expect(
            throws: HTTPFailure(.unreachable, "127.0.0.1:\(port.number) cannot be reached: Connection refused")
        ) {
            var conversation = GatewayConversation(.named("http://127.0.0.1:\(port.number)"))
            conversation.patience = .seconds(600)
            return try await conversation.send(.get, "/v2")
        }
    }

    @Test func aGatewayThatEndedIsSaidToHaveEnded() async throws {
        var ended = try #require(ProcessRecord(of: getpid()))
        ended.startTicks += 1
        let folder = try Self.cluster(at: "http://127.0.0.1:1", process: ended)
        defer { try? FileManager.default.removeItem(at: folder.root) }
        let failure = await #expect(throws: CommandFailure.self) {
            var conversation = GatewayConversation(.cluster(folder))
            return try await conversation.send(.get, "/v2")
        }
        #expect(
            failure?.description.hasPrefix("the gateway (process \(getpid())) has ended: `martlet cluster up -f ")
                == true)
    }

    @Test func rowsThatWereNotAnsweredAreNamed() {
        var progress = PredictionProgress(rows: 600, isShown: false)
        progress.answered(PredictionRequest(body: [], places: (2...257).map { "line \($0)" }))
        #expect(
            progress.lost(PredictionRequest(body: [], places: (258...513).map { "line \($0)" }), of: "a.csv")
                == "; rows 257 to 512, from line 258 of a.csv on, were not answered, nor what follows them: 256 of 600 rows "
                + "were, and none was printed")
    }
}
