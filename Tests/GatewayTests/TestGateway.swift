import Checkpoints
import ClusterProtocol
import Digests
import Foundation
import Logging
import Messaging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Wire

@testable import Gateway

/// A gateway that listens on a port of its own and reaches fake nodes over an in-memory network.
struct TestGateway: Sendable {
    let gateway: Gateway
    let network: InMemoryNetwork
    let nodes: [FakeNode]
    let port: Int
    let services: ServiceGroup

    static let digest = ContentDigest(of: Array("manifest".utf8))

    /// Runs `body` against a running gateway whose `nodes` nodes hold versions 1 and 2 of "sums", 2 in production.
    static func with(
        nodes count: Int = 2, limits: GatewayConfiguration.Limits = .init(), folder: URL? = nil,
        table: (([FakeNode]) -> RoutingTable)? = standardTable,
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let network = InMemoryNetwork()
        let nodes = try (0..<count).map { try FakeNode("inference-\($0)", on: network) }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "gateway")
        logger.logLevel = .critical
        let messenger = InMemoryMessenger(network: network, identity: "gateway-0", role: .gateway)
        let gateway = Gateway(
            configuration: GatewayConfiguration(port: 0, folder: folder, limits: limits), messenger: messenger,
            logger: logger, onListening: { port.yield($0) })
        if let table { try await gateway.update(table(nodes)) }
        let services = ServiceGroup(configuration: ServiceGroupConfiguration(services: [gateway], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var iterator = ports.makeAsyncIterator()
            // None where the test is given up first.
            guard let bound = await iterator.next() else { throw CancellationError() }
            let test = TestGateway(gateway: gateway, network: network, nodes: nodes, port: bound, services: services)
            do {
                try await body(test)
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        await messenger.shutdown()
    }

    /// As `with`, for what `body` finds out.
    static func returning<Result: Sendable>(
        nodes: Int = 2, limits: GatewayConfiguration.Limits = .init(),
        _ body: @escaping @Sendable (TestGateway) async throws -> Result
    ) async throws -> Result {
        let result = Mutex<Result?>(nil)
        try await with(nodes: nodes, limits: limits) { test in
            let found = try await body(test)
            result.withLock { $0 = found }
        }
        return result.withLock { $0! }
    }

    static func standardTable(_ nodes: [FakeNode]) -> RoutingTable {
        table(epoch: 5, nodes)
    }

    static func table(epoch: UInt64, _ nodes: [FakeNode]) -> RoutingTable {
        RoutingTable(
            epoch: epoch,
            models: [1, 2].map { version in
                RoutingTable.Route(
                    model: "sums", version: version, aliases: version == 2 ? ["production"] : [], digest: digest,
                    interface: .numbers, nodes: nodes.map(\.node))
            })
    }

    /// Answers so far that name no model and say no.
    var refusals: Int { gateway.metrics.snapshot.otherStatuses.values.reduce(0) { $0 + Int($1) } }

    /// Inference requests by status, those among them whose clients left.
    var requestCounts: [Int: UInt64] {
        gateway.metrics.snapshot.series.values.reduce(into: [:]) { $0.merge($1.statuses, uniquingKeysWith: +) }
    }

    /// The account of what clients make the gateway hold.
    var held: Ledger { gateway.admission.current }

    /// Waits for something that the gateway comes to by itself.
    func until(_ condition: (TestGateway) -> Bool) async throws {
        while !condition(self) { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// Sends bytes and reads the answer until the gateway closes the connection.
    func exchange(_ request: [UInt8]) async throws -> HTTPAnswer {
        try await HTTPConnection.with(port: port) { connection async throws in
            try await connection.send(request)
            return try HTTPAnswer(await connection.readToEnd())
        }
    }

    func request(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []
    ) async throws -> HTTPAnswer {
        try await exchange(Self.message(method, path, headers: headers, body: body))
    }

    static func message(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []
    ) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body
    }

    /// Asks for one row of three numbers.
    func infer(
        _ row: [Float] = [1, 2, 3], path: String = "/v2/models/sums/infer", headers: [String: String] = [:],
        extra: String = ""
    ) async throws -> HTTPAnswer {
        let json = #"{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":\#(row)}]\#(extra)}"#
        return try await request("POST", path, headers: headers, body: Array(json.utf8))
    }
}

/// A connection as a client has it that knows nothing of HTTP.
struct HTTPConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    static func with<Result: Sendable>(
        port: Int, _ body: (inout HTTPConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = HTTPConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// For sending while something else is done with the connection.
    var sender: @Sendable ([UInt8]) async throws -> Void {
        { [outbound] bytes in try await outbound.write(ByteBuffer(bytes: bytes)) }
    }

    /// Says that nothing more will be sent.
    func finish() {
        outbound.finish()
    }

    /// What comes up to the first `end`.
    mutating func read(until end: String) async throws -> String {
        var text = ""
        while !text.contains(end), let buffer = try await inbound.next() { text += String(buffer: buffer) }
        return text
    }

    /// What comes until the other side has nothing more to say.
    mutating func readToEnd() async throws -> [UInt8] {
        var all: [UInt8] = []
        while let buffer = try await inbound.next() { all += buffer.readableBytesView }
        return all
    }

    /// One answer with as many bytes of body as it announces.
    mutating func readAnswer() async throws -> HTTPAnswer {
        var all: [UInt8] = []
        while let buffer = try await inbound.next() {
            all += buffer.readableBytesView
            let answer = try? HTTPAnswer(all)
            if let answer, answer.headers["content-length"].flatMap({ Int($0) }) == answer.body.count { return answer }
        }
        return try HTTPAnswer(all)
    }
}
