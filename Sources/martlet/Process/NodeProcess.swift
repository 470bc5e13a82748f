import ClusterProtocol
import LocalCluster
import Explanations
import Files
import Foundation
import Glibc
import Logging
import Messaging
import ServiceLifecycle
import Threads
import UnixSignals
import Wire

/// One process of a cluster, from its configuration to its end: what all four roles have in common.
struct NodeProcess {
    let configuration: NodeConfiguration
    let messenger: ZeroMQMessenger
    let logger: Logger
    private let endpointFile: EndpointFile

    /// Reads the configuration, and runs the service that `make` returns until SIGTERM or SIGINT, or until it fails.
    static func run(
        _ path: String, as role: Role, _ make: @Sendable (NodeProcess) async throws -> any Service
    ) async throws {
        let configuration = try NodeConfiguration(contentsOf: URL(filePath: path))
        guard configuration.role == role else {
            throw CommandFailure(
                "\(path) is for a node of role '\(configuration.role.rawValue)': martlet "
                    + "\(configuration.role.rawValue) --config \(path)")
        }
        // A client that goes away must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let level = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
        LoggingSystem.bootstrap { _ in LogfmtHandler(node: configuration.name, level: level) }
        let logger = Logger(label: configuration.name)
        // Those that answer requests pass each through many threads; a worker's messaging must interrupt its computing.
        if [.gateway, .inference].contains(role), !BatchScheduling.adopt() {
            logger.debug("the system did not allow batch scheduling")
        }
        do {
            try await run(configuration, logger, make)
        } catch {
            logger.critical("ended by an error", metadata: ["error": "\(error.explanation)"])
            throw error
        }
    }

    private static func run(
        _ configuration: NodeConfiguration, _ logger: Logger,
        _ make: @Sendable (NodeProcess) async throws -> any Service
    ) async throws {
        try Folder.make(configuration.data, mode: 0o700)
        let busy = CommandFailure(
            "another process already runs as \(configuration.name) in \(configuration.data.path)")
        try await FileLock.hold(configuration.data.appending(path: "lock"), busy: busy) {
            let messenger = try ZeroMQMessenger(
                identity: configuration.name,
                keys: try KeyPair(contentsOf: ClusterFolder.key(of: configuration.name, in: configuration.keys)),
                keyring: try Keyring(contentsOf: ClusterFolder.keyring(in: configuration.keys)), logger: logger,
                limits: configuration.role == .worker ? .largeFrames : MessagingLimits())
            let node = NodeProcess(
                configuration: configuration, messenger: messenger, logger: logger,
                endpointFile: EndpointFile(configuration.endpointFile, logger: logger))
            do {
                try await node.serve(try await make(node))
            } catch {
                await messenger.shutdown()
                throw error
            }
            await messenger.shutdown()
            logger.info("ended")
        }
    }

    private func serve(_ service: any Service) async throws {
        var group = ServiceGroupConfiguration(
            services: [.init(service: service, serviceName: configuration.role.rawValue)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = ShutdownTiming.role
        group.maximumCancellationDuration = ShutdownTiming.cancellation
        let watch = Task { [endpointFile] in await endpointFile.keep() }
        defer { watch.cancel() }
        try await ServiceGroup(configuration: group).run()
    }

    /// Writes down where this process is reached, for whoever started it.
    func announce(_ endpoint: String) {
        logger.info("listens", metadata: ["endpoint": "\(endpoint)"])
        endpointFile.write(endpoint)
    }
}
