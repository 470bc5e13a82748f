package import Cluster
import Explanations
package import Logging
package import Messaging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// HTTP in, messages to inference nodes out. Holds no state but the last routing table, so any number may run.
package final class Gateway: Service {
    let configuration: GatewayConfiguration
    let dispatcher: Dispatcher
    let admission: AdmissionControl
    let metrics = GatewayMetrics()
    let lane: BulkLane
    let windows = RowWindows()
    let logger: Logger
    private let onListening: @Sendable (Int) async -> Void
    private let isDraining = Atomic<Bool>(false)

    /// `onListening` is called with the port once connections are accepted.
    package init(
        configuration: GatewayConfiguration, messenger: any Messenger, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        dispatcher = Dispatcher(messenger: messenger, logger: logger)
        lane = BulkLane(configuration.limits.bulk)
        let wanted = configuration.limits.connections
        let limits = Ledger.Limits(configuration.limits, descriptors: DescriptorBudget.descriptors ?? .max)
        if limits.connections < wanted {
            logger.warning(
                "the limit of open files allows fewer connections than the gateway could have; raise `ulimit -n`",
                metadata: ["connections": "\(limits.connections)", "wanted": "\(wanted)"])
        }
        admission = AdmissionControl(limits)
    }

    /// Takes over a routing table from the coordinator and keeps a copy for the next start. An older one than the
    /// present is ignored.
    package func update(_ table: RoutingTable) async throws {
        guard dispatcher.update(table) else { return }
        metrics.follow(dispatcher.index.routes)
        logger.info("routing table", metadata: ["epoch": "\(table.epoch)", "versions": "\(table.models.count)"])
        if let folder = configuration.folder { try await RoutingFile(in: folder).save(table) }
    }

    /// For the heartbeat.
    package var report: GatewayReport {
        let position = dispatcher.index.position
        return GatewayReport(
            routingEpoch: position?.epoch ?? 0, routingSource: position?.source, traffic: metrics.traffic)
    }

    /// Serves until graceful shutdown; then takes no new connection and ends when the last request is answered, or
    /// refused because nodes take too long.
    package func run() async throws {
        await restore()
        let server = HTTPServer(
            HTTPConnections(
                pipeline: RequestPipeline(routes: routes, middleware: middleware), admission: admission,
                limits: configuration.limits, executors: try EventLoopExecutors(Self.loops)),
            on: Self.loops, logger: logger)
        async let _ = refuseLateRequests()
        async let _ = dispatcher.watch()
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await server.run(host: configuration.host, port: configuration.port, onListening: onListening)
            } onGracefulShutdown: {
                self.isDraining.store(true, ordering: .relaxed)
                self.admission.end(within: self.configuration.limits.drainTimeout)
                Task { await server.shutDown() }
            }
        } onCancel: {
            server.close()
        }
        dispatcher.close()
    }

    /// After the time that a shutdown gives to requests under way, answers the rest with 503: better than connections that
    /// break off when the process has to end.
    private func refuseLateRequests() async {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: configuration.limits.drainTimeout)
            dispatcher.close()
        } catch {
            // Cancelled, because no request is under way any more.
        }
    }

    /// As long-lived as the process: a request that is given up may outlive its connection by a moment. The other half of
    /// the cores is for messaging, and on a small machine for the nodes beside the gateway.
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: max(1, System.coreCount / 2))

    /// Whether the gateway takes requests: it has a routing table and is not shutting down.
    var isReady: Bool { dispatcher.index.position != nil && !isDraining.load(ordering: .relaxed) }

    var gauges: GatewayGauges {
        let held = admission.current
        let now = ContinuousClock.now
        return GatewayGauges(
            connections: held.connectionCount, reserveConnections: held.reserveCount, connectionsClosed: held.closed,
            inFlightRequests: held.requests, inFlightBytes: held.bytes,
            waitingRequests: lane.waitingCount + windows.waitingCount,
            routingEpoch: dispatcher.index.epoch, retries: dispatcher.retryCount, ejections: dispatcher.ejectionCount,
            nodes: dispatcher.nodes.sorted { $0.key < $1.key }.map { ($0.key, $0.value, $0.value.isEjected(at: now)) })
    }

    /// Serves from the table of the last run until the coordinator sends one.
    private func restore() async {
        guard let folder = configuration.folder, dispatcher.index.position == nil else { return }
        guard let table = await RoutingFile(in: folder).load(logger: logger), dispatcher.update(table) else { return }
        logger.info("routing table of the last run", metadata: ["epoch": "\(table.epoch)"])
    }
}
