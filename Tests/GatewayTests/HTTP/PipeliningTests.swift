import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import Gateway

/// Many requests that came together on one connection.
@Suite(.timeLimit(.minutes(10))) struct PipeliningTests {
    /// Says when something is answered.
    private struct Answers: Middleware {
        let answered: @Sendable () -> Void

        func send(_ answer: inout Answer, for request: GatewayRequest) { answered() }
    }

    /// Between two looks of the loop at its connections one request is answered, so that others wait for no more than that.
    @Test(arguments: ["GET", "POST"]) func oneRequestIsAnsweredAtATime(method: String) async throws {
        let count = 100
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let looks = LoopLooks(loop)
        try looks.begin()
        /// The looks before each answer.
        let answers = Mutex<[Int]>([])
        let routes = RouteTable([.get("/", "root") { _ in Answer(text: "{}", type: "application/json") }]) { _ in
            Refusal(.notFound, "no")
        }
        // What is asked for by POST is refused with its head.
        let middleware = MiddlewarePair(
            outer: Answers { answers.withLock { $0.append(looks.count) } }, inner: KnownRoutes())
        let connections = HTTPConnections(
            pipeline: RequestPipeline(routes: routes, middleware: middleware), admission: AdmissionControl(.init()),
            limits: .init(), executors: try EventLoopExecutors(group))
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { connections.setUp($0) }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        try await HTTPConnection.with(port: port) { connection in
            let request = "\(method) / HTTP/1.1\r\nHost: test\r\n\r\n"
            try await connection.send(Array(String(repeating: request, count: count).utf8))
            while answers.withLock({ $0.count }) < count { await Task.yield() }
        }
        let found = answers.withLock { $0 }
        #expect(found.count == count)
        let most = Dictionary(grouping: found) { $0 }.values.map(\.count).max()
        #expect(try #require(most) <= 2, "\(found)")
        looks.end()
        try await server.close()
        try await group.shutdownGracefully()
    }

    /// Counts how often a loop looks at its connections.
    private final class LoopLooks: Sendable {
        private let loop: any EventLoop
        private let number = Atomic(0)
        private let bell = Mutex<LoopBell?>(nil)

        init(_ loop: any EventLoop) { self.loop = loop }

        var count: Int { number.load(ordering: .relaxed) }

        func begin() throws {
            let new = try LoopBell(loop) { [self] in
                number.wrappingAdd(1, ordering: .relaxed)
                bell.withLock { $0?.ring() }
            }
            bell.withLock { $0 = new }
            new.ring()
        }

        func end() { bell.withLock { $0 = nil } }
    }
}
