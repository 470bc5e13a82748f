package import ClusterProtocol
import Explanations
package import Logging
package import Messaging
import NIOCore
import ServiceLifecycle
package import Wire

/// The gateway role in a cluster: the gateway itself, and the link over which it learns where the models are.
package final class GatewayNode: Service {
    private let configuration: NodeConfiguration
    private let messenger: any Messenger
    private let logger: Logger
    private let gateway: Gateway
    private let incarnation: UInt64
    /// The address of the HTTP server, once it accepts connections.
    private let addresses: AsyncStream<String>

    /// - Parameter onListening: called with the address of the HTTP server once it accepts connections.
    /// - Throws: `Failure` where the configuration has no section for a gateway, or the node's folder cannot be used.
    package init(
        _ configuration: NodeConfiguration, messenger: any Messenger, logger: Logger,
        onListening: @escaping @Sendable (String) throws -> Void
    ) throws(Failure) {
        guard let http = configuration.gateway else {
            throw Failure(.invalidArgument, "the configuration of '\(configuration.name)' has no key 'gateway'")
        }
        incarnation = try Incarnation.next(in: configuration.data, logger: logger)
        self.configuration = configuration
        self.messenger = messenger
        self.logger = logger
        let (addresses, address) = AsyncStream.makeStream(of: String.self)
        self.addresses = addresses
        gateway = Gateway(
            configuration: GatewayConfiguration(
                host: http.host, port: http.port, folder: configuration.data,
                limits: .init(bodyBytes: http.maxBodyBytes)),
            messenger: messenger, logger: logger,
            onListening: { port in
                let listening = "http://\(HostAddress(http.host)?.beforePort ?? http.host):\(port)"
                do {
                    try onListening(listening)
                } catch {
                    logger.error("the address was not written down", metadata: ["reason": "\(error.explanation)"])
                }
                address.yield(listening)
            })
    }

    /// Serves until the process is asked to shut down.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [self] in try await serve() }
            tasks.addTask { [self] in
                // Joins when it knows its address, which operators see.
                for await address in addresses { return try await join(at: address) }
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    /// The HTTP server. What the system has against its address is told with the address.
    private func serve() async throws {
        do {
            try await gateway.run()
        } catch let error as IOError {
            let address = configuration.gateway.map { "\($0.host), port \($0.port)," } ?? "the gateway's address"
            throw Failure(.failedPrecondition, "\(address) cannot be listened on: \(error.explanation)")
        }
    }

    /// A member of the cluster until the task is cancelled.
    private func join(at address: String) async throws {
        let (tables, table) = AsyncStream.makeStream(of: RoutingTable.self, bufferingPolicy: .bufferingNewest(1))
        let control = try ControlLink(
            messenger: messenger, coordinatorEndpoint: configuration.coordinator ?? "",
            description: NodeDescription(name: configuration.name, role: .gateway, endpoint: address),
            incarnation: incarnation, logger: logger,
            report: { [gateway] in
                let report = gateway.report
                let rate = report.traffic.values.reduce(0) { $0 + $1.requestsPerSecond }
                return NodeReport(activity: "\(Int(rate.rounded())) requests/s", gateway: report)
            },
            handler: { try Self.handlers.take($0, in: table) })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await control.run() }
            tasks.addTask { [self] in
                for await table in tables { await take(table, control) }
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    /// What the coordinator sends.
    static let handlers = MessageHandlers<AsyncStream<RoutingTable>.Continuation>(of: "a gateway") { handlers in
        handlers.on(RoutingTable.self) { tables, table in tables.yield(table) }
    }

    /// Routes by the table from here on, and says so: operators wait for it.
    private func take(_ table: RoutingTable, _ control: ControlLink) async {
        do {
            try await gateway.update(table)
        } catch {
            logger.error("the routing table was not kept on disk", metadata: ["reason": "\(error.explanation)"])
        }
        control.tell(gateway.report.position)
    }
}
