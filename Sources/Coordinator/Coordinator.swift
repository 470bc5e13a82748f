import ControlPlane
package import ClusterProtocol
import Threads
import Explanations
import Foundation
package import Logging
package import Messaging
import ServiceLifecycle
import Wire

/// The coordinator role: membership, jobs, checkpoints, the registry and promotions. Control plane only: no gradient and
/// no inference request passes through it.
///
/// It may be killed at any moment. What it has answered is in its store; what it has not is asked again; nodes join
/// again by themselves, and training and serving go on meanwhile.
package final class Coordinator: Service {
    private let configuration: CoordinatorConfiguration
    private let messenger: any Messenger
    private let time: TimeSource
    private let logger: Logger
    private let ready: @Sendable (_ endpoint: String) async throws -> Void

    /// - Parameter ready: called once it listens, with the real port where 0 was asked for.
    package init(
        _ configuration: CoordinatorConfiguration, messenger: any Messenger, time: TimeSource = .system,
        logger: Logger, ready: @escaping @Sendable (_ endpoint: String) async throws -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.messenger = messenger
        self.time = time
        self.logger = logger
        self.ready = ready
    }

    /// Until graceful shutdown or cancellation. Throws if the store cannot be opened or the address not be bound.
    package func run() async throws {
        let opening = WorkThread(name: "store-open", limit: 1)
        defer { opening.close() }
        let (state, vault) = try await opening.run { [configuration] in
            try Self.openStores(configuration)
        }
        defer { vault.close() }
        let stored = try await state.load()
        let plane = ControlPlane(
            clusterID: state.clusterID, start: UUID().uuidString.lowercased(), timing: configuration.timing,
            scheduling: configuration.scheduling,
            deployment: configuration.deployment, stored: stored, at: time.now())
        let (obstacles, gaps) = try await opening.run {
            let obstacles = try vault.sweep(
                keeping: plane.references, generations: Set(plane.scheduler.runningGenerations.values))
            return (obstacles.map(\.explanation), vault.store.gaps(in: stored.needs))
        }
        for reason in obstacles {
            logger.warning(
                "something in the store is no content, and was left alone", metadata: ["reason": "\(reason)"])
        }
        if let first = gaps.first {
            logger.error(
                "the store lacks content: `martlet doctor` and `martlet gc` name all of it",
                metadata: ["contents": "\(gaps.count)", "first": "\(first)"])
        }

        let inbox = ControlLoop.Inbox(
            limits: .init(elements: configuration.inboxLimit, ofSender: configuration.inboxLimitOfSender))
        let correspondence = Correspondence(logger: logger)
        vault.allowUploads(plane.scheduler.runningGenerations)
        let reception = Reception(inbox: inbox, vault: vault, correspondence: correspondence, logger: logger)
        let listener = try messenger.bind(
            configuration.listen, admitting: [.worker, .inference, .gateway, .operator]
        ) { peer, message in
            reception.take(message, from: peer)
        }
        correspondence.open(listener)
        defer { correspondence.close() }
        logger.info(
            "coordinator listens",
            metadata: [
                "endpoint": "\(listener.endpoint)", "cluster": "\(state.clusterID)", "jobs": "\(stored.jobs.count)",
                "versions": "\(stored.versions.count)",
            ])
        try await ready(listener.endpoint)
        await serve(plane, state: state, vault: vault, correspondence: correspondence, inbox: inbox)
        try await opening.run { try state.close() }
    }

    private func serve(
        _ plane: ControlPlane, state: StateStore, vault: Vault, correspondence: Correspondence,
        inbox: ControlLoop.Inbox
    ) async {
        await withTaskGroup { group in
            group.addTask { [self] in await tick(into: inbox) }
            group.addTask { [self] in await tidy(state) }
            await withTaskCancellationOrGracefulShutdownHandler {
                let loop = ControlLoop(
                    configuration, plane: plane, state: state, vault: vault, correspondence: correspondence,
                    inbox: inbox, journal: configuration.makeJournal(logger), time: time, logger: logger)
                await loop.run()
            } onCancelOrGracefulShutdown: {
                inbox.close()
            }
            group.cancelAll()
        }
    }

    /// Until cancelled. A tick that finds the inbox full is left out: the next one does.
    private func tick(into inbox: ControlLoop.Inbox) async {
        var last = time.now()
        while (try? await time.sleep(configuration.tick)) != nil {
            let now = time.now()
            let late = last.instant.duration(to: now.instant) - configuration.tick
            if late > configuration.stall {
                logger.warning("the coordinator got no time", metadata: ["seconds": "\(late.seconds)"])
            }
            _ = inbox.offer(
                .tick(now, stall: late > configuration.stall ? late : .zero), in: .completions, from: "clock")
            last = now
        }
    }

    /// Until cancelled. What cannot be done now, because the disk is full, is tried again.
    private func tidy(_ state: StateStore) async {
        var hasFailed = false
        while (try? await time.sleep(configuration.upkeep)) != nil {
            do {
                try await state.upkeep(configuration.retention)
                hasFailed = false
            } catch {
                if !hasFailed {
                    logger.error("the state was not tidied up", metadata: ["reason": "\(error.explanation)"])
                }
                hasFailed = true
            }
        }
    }

    private static func openStores(_ configuration: CoordinatorConfiguration) throws -> (StateStore, Vault) {
        try configuration.makeFolder()
        try Snapshot.removeAll(in: configuration.data)
        return (
            try StateStore(file: configuration.stateFile, holdsContent: configuration.folder.holdsContent),
            try Vault(
                root: configuration.storeFolder, chunkLimit: configuration.chunkLimit,
                jobLimit: configuration.scheduling.activeJobs, preparer: configuration.preparer)
        )
    }
}
