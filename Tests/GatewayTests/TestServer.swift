import Logging
import Messaging
import NIOCore
import NIOHTTP1
import NIOPosix
import Wire

@testable import Gateway

extension Gateway {
    /// One that does not run, for what it is made of.
    static func idle(limits: GatewayConfiguration.Limits = .init()) -> Gateway {
        Gateway(
            configuration: GatewayConfiguration(port: 0, limits: limits),
            messenger: InMemoryMessenger(network: InMemoryNetwork(), identity: "gateway-0", role: .gateway),
            logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// A server on one event loop, with routes and middleware of a test's own around the connections of a gateway.
struct TestServer: Sendable {
    let gateway: Gateway
    let port: Int
    let shutDown: @Sendable () async -> Void

    /// Runs `body` beside a server of these routes with all middleware of a gateway.
    static func with(
        _ routes: [Route], limits: GatewayConfiguration.Limits = .init(),
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let gateway = Gateway.idle(limits: limits)
        let table = RouteTable(routes) { _ in Refusal(.notFound, "nothing here") }
        try await with(gateway, table, gateway.middleware, limits: limits, body)
    }

    static func with(
        _ gateway: Gateway, _ routes: RouteTable, _ middleware: some Middleware,
        limits: GatewayConfiguration.Limits = .init(),
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = HTTPServer(
            HTTPConnections(
                pipeline: RequestPipeline(routes: routes, middleware: middleware), admission: gateway.admission,
                limits: limits, executors: try EventLoopExecutors(group)),
            on: group, logger: Logger(label: "server") { _ in SwiftLogNoOpLogHandler() })
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { port.finish() }
                try await server.run(host: "127.0.0.1", port: 0) { port.yield($0) }
            }
            var iterator = ports.makeAsyncIterator()
            guard let bound = await iterator.next() else { return try await tasks.waitForAll() }
            do {
                try await body(TestServer(gateway: gateway, port: bound) { await server.shutDown() })
            } catch {
                server.close()
                throw error
            }
            await server.shutDown()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }

    /// The account of what clients make the gateway hold.
    var held: Ledger { gateway.admission.current }

    /// Answers that broke off.
    var broken: UInt64 { gateway.metrics.snapshot.brokenStreams }

    /// Everything that comes until the server closes.
    func all(_ request: String) async throws -> String {
        try await HTTPConnection.with(port: port) { connection in
            try await connection.send(Array(request.utf8))
            return String(decoding: try await connection.readToEnd(), as: UTF8.self)
        }
    }

    /// Waits for something that the server comes to by itself.
    func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }
}
