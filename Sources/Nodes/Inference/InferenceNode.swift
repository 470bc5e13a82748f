package import ClusterProtocol
import Checkpoints
import Digests
import Explanations
import Foundation
package import Logging
package import Messaging
import Serving
import ServiceLifecycle
import Synchronization
import Threads
import Wire

/// The inference role: holds the versions that the coordinator orders it to, and answers gateways.
package final class InferenceNode: Service {
    private let configuration: NodeConfiguration
    private let messenger: any Messenger
    private let logger: Logger
    private let server: ModelServer
    private let cache: NodeCache
    private let incarnation: UInt64
    private let listener: any Listener
    private let replicas = ReplicaBook()
    /// Orders of the coordinator: those of one version are carried out one after the other.
    private let orders = OrderQueue()

    /// While one waits for the coordinator, another computes.
    private static let loadsAtOnce = 2

    /// Where gateways reach this node.
    package var endpoint: String { listener.endpoint }

    /// Binds the configuration's address. Throws `MessagingError`, or what is wrong with the node's folder.
    package init(_ configuration: NodeConfiguration, messenger: any Messenger, logger: Logger) throws {
        self.configuration = configuration
        self.messenger = messenger
        self.logger = logger
        let limits = configuration.inference.map {
            ServingLimits(maximumBatchRows: $0.maxBatchRows, queueRows: $0.queueRows)
        }
        let server = ModelServer(limits: limits ?? ServingLimits())
        self.server = server
        incarnation = try Incarnation.next(in: configuration.data, logger: logger)
        cache = try NodeCache(in: configuration.data, limit: configuration.maxCacheBytes, logger: logger)
        let desk = RequestDesk(server: server, logger: logger)
        listener = try messenger.bind(
            configuration.listen ?? "tcp://127.0.0.1:0", admitting: [.gateway],
            handler: { desk.receive($1, from: $0) }, settled: { desk.settled() })
        desk.open(listener)
    }

    /// Serves until the process is asked to shut down; then refuses new requests and finishes those that wait.
    package func run() async throws {
        defer { listener.close() }
        let control = try ControlLink(
            messenger: messenger, coordinatorEndpoint: configuration.coordinator ?? "",
            description: NodeDescription(name: configuration.name, role: .inference, endpoint: listener.endpoint),
            incarnation: incarnation, logger: logger, report: { [self] in report() },
            handler: { [orders] in try Self.handlers.take($0, in: orders) })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await control.run() }
            // Draining begins at once, also while a load is under way.
            tasks.addTask { try await gracefulShutdown() }
            tasks.addTask { [self] in await carryOut(control) }
            try await tasks.next()
            await server.drain(within: ShutdownTiming.drain)
            tasks.cancelAll()
        }
    }

    /// What the coordinator sends.
    static let handlers = MessageHandlers<OrderQueue>(of: "an inference node") { handlers in
        handlers.on(LoadReplica.self) { orders, load in try orders.put(.load(load)) }
        handlers.on(UnloadReplica.self) { orders, unload in try orders.put(.unload(unload)) }
    }

    private func carryOut(_ control: ControlLink) async {
        await withTaskGroup(of: ModelKey.self) { loads in
            var underWay: Set<ModelKey> = []
            for await order in orders.waiting.cancelOnGracefulShutdown() {
                while underWay.contains(order.key) || underWay.count == Self.loadsAtOnce {
                    guard let loaded = await loads.next() else { break }
                    underWay.remove(loaded)
                }
                switch order {
                case .load(let load):
                    underWay.insert(order.key)
                    loads.addTask { [self] in
                        await self.load(load, control)
                        await cache.settle()
                        return order.key
                    }
                case .unload:
                    await server.remove(order.key)
                    replicas.forget(order.key)
                    orders.close(order)
                    logger.info("unloaded", metadata: ["model": "\(order.key)"])
                }
            }
        }
    }

    /// Fetches, verifies, warms up and proves one version, telling the coordinator of every stage.
    private func load(_ order: LoadReplica, _ control: ControlLink) async {
        let key = ReplicaOrder.load(order).key
        let replicas = replicas
        let orders = orders
        @Sendable func tell(_ state: ReplicaReport.State, reason: String = "") {
            let report = ReplicaReport(
                model: order.model, version: order.version, manifest: order.manifest, state: state, reason: reason)
            // Whoever hears how it ended may order it again.
            if state == .ready || state == .failed { orders.close(.load(order)) }
            control.tell(replicas.note(report, of: key))
        }
        if replicas.isReady(key, manifest: order.manifest) { return tell(.ready) }
        var contents: Set<ContentDigest> = [order.manifest]
        cache.need(contents)
        defer { cache.giveBack(contents) }
        func fetchAndLoad() async throws {
            tell(.fetching)
            try await control.fetch(order.manifest, into: cache)
            let manifest = try await NamedThread.run("manifest") { [store = cache.store] in
                try Manifest.decode(store.contents(of: order.manifest))
            }
            let files = Set(manifest.files.map(\.digest)).subtracting(contents)
            cache.need(files)
            contents.formUnion(files)
            for file in manifest.files { try await control.fetch(file.digest, into: cache) }
            try await server.load(key, manifest: order.manifest, from: cache.store) { stage in
                tell(stage == .verifying ? .verifying : .warming)
            }
        }
        do {
            do {
                try await fetchAndLoad()
            } catch let damage where damage is StoreError || damage is SafetensorsError {
                // It was whole when it was fetched or looked at, and no longer when it was read.
                logger.warning(
                    "content changed while it was loaded: it is fetched again",
                    metadata: ["model": "\(key)", "reason": "\(damage.explanation)"])
                try await fetchAndLoad()
            }
            tell(.ready)
            logger.info("ready", metadata: ["model": "\(key)", "digest": "\(order.manifest.short)"])
        } catch {
            tell(.failed, reason: error.explanation)
            logger.error("cannot serve", metadata: ["model": "\(key)", "reason": "\(error.explanation)"])
        }
    }

    private func report() -> NodeReport {
        let inference = replicas.report(load: server.load)
        let held = inference.replicas.map { "\($0.model):\($0.version) \($0.state.rawValue)" }
        return NodeReport(
            activity: held.isEmpty ? "idle" : held.joined(separator: ", "),
            inference: inference, cache: cache.report)
    }
}

extension ModelServer {
    /// For heartbeats.
    fileprivate var load: InferenceLoad {
        let statistics = statistics
        return InferenceLoad(
            queuedRows: queuedRows, answered: statistics.answeredRequests, refused: statistics.refusedRequests,
            expired: statistics.expiredRequests, cancelled: statistics.cancelledRequests)
    }
}
