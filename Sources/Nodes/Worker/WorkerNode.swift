import JobProtocol
package import ClusterProtocol
import Checkpoints
import Explanations
import Foundation
package import Logging
package import Messaging
import ServiceLifecycle
import Synchronization
import Wire

/// The worker role: joins the coordinator, takes part in one generation of one job at a time, and otherwise waits.
package final class WorkerNode: Service {
    private let configuration: NodeConfiguration
    private let messenger: any Messenger
    private let logger: Logger
    private let listener: any Listener
    private let cache: NodeCache
    private let incarnation: UInt64
    private let roster: GroupRoster
    /// What this worker is in.
    private let current = Mutex<WorkerActivity?>(nil)
    /// Hands activities from the messaging thread to the task that runs them; there is never more than one.
    private let activities: AsyncStream<WorkerActivity>
    private let begin: AsyncStream<WorkerActivity>.Continuation

    private var threads: Int { configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Where peers reach this worker.
    package var endpoint: String { listener.endpoint }

    /// Binds the configuration's address. Throws `MessagingError`, or what is wrong with the node's folder.
    package init(_ configuration: NodeConfiguration, messenger: any Messenger, logger: Logger) throws {
        self.configuration = configuration
        self.messenger = messenger
        self.logger = logger
        incarnation = try Incarnation.next(in: configuration.data, logger: logger)
        cache = try NodeCache(in: configuration.data, limit: configuration.maxCacheBytes, logger: logger)
        roster = GroupRoster()
        listener = try roster.listen(configuration.listen ?? "tcp://127.0.0.1:0", messenger: messenger)
        (activities, begin) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Ends when the process is asked to shut down; a generation under way is left, and goes on without this worker.
    package func run() async throws {
        defer { listener.close() }
        let intake = Intake(worker: self)
        let control = try ControlLink(
            messenger: messenger, coordinatorEndpoint: configuration.coordinator ?? "",
            description: NodeDescription(name: configuration.name, role: .worker, endpoint: listener.endpoint),
            incarnation: incarnation, logger: logger, report: { [self] in report() },
            handler: { try Intake.handlers.take($0, in: intake) })
        intake.open(control)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await control.run() }
            tasks.addTask { [self] in
                for await activity in activities.cancelOnGracefulShutdown() {
                    switch activity {
                    case .generation(let runner):
                        await run(runner, control: control)
                        await cache.settle()
                    case .launch(let runner): await runner.run()
                    }
                    current.withLock { $0 = nil }
                }
            }
            try await withGracefulShutdownHandler {
                try await tasks.next()
            } onGracefulShutdown: { [self] in
                current.withLock { $0 }?.stop("\(configuration.name) was shut down")
            }
            tasks.cancelAll()
        }
    }

    private func run(_ runner: GenerationRunner, control: ControlLink) async {
        let assignment = runner.assignment
        var logger = logger
        logger[metadataKey: "job"] = "\(assignment.job)"
        logger[metadataKey: "generation"] = "\(assignment.generation)"
        logger.info(
            "generation begins", metadata: ["rank": "\(assignment.rank)", "world": "\(assignment.members.count)"])
        let ending = await runner.run()
        switch ending {
        case .finished: logger.info("generation finished")
        case .stopped(let reason): logger.info("generation stopped", metadata: ["reason": "\(reason)"])
        case .failed(let reason, let permanent):
            await report(
                GenerationFailed(
                    job: assignment.job, generation: assignment.generation, rank: assignment.rank, reason: reason,
                    permanent: permanent),
                control: control, logger: logger)
        case .foundNoRoom(let reason):
            await report(
                GenerationFailed(
                    job: assignment.job, generation: assignment.generation, rank: assignment.rank, reason: reason,
                    permanent: false, noRoom: true),
                control: control, logger: logger)
        }
    }

    private func report(_ failure: GenerationFailed, control: ControlLink, logger: Logger) async {
        logger.warning("generation failed", metadata: ["reason": "\(failure.reason)"])
        do {
            try await control.call(failure)
        } catch {
            logger.warning("failure not reported", metadata: ["reason": "\(error.explanation)"])
        }
    }

    private func report() -> NodeReport {
        guard let activity = current.withLock({ $0 }) else {
            return NodeReport(activity: "idle", worker: WorkerReport(), cache: cache.report)
        }
        return NodeReport(
            activity: activity.description, worker: WorkerReport(job: activity.id, generation: activity.generation),
            cache: cache.report)
    }

    /// Takes the coordinator's orders. Each may come twice, if its acknowledgement was lost.
    final class Intake: Sendable {
        private let worker: WorkerNode
        private let control = Mutex<ControlLink?>(nil)

        init(worker: WorkerNode) {
            self.worker = worker
        }

        func open(_ control: ControlLink) {
            self.control.withLock { $0 = control }
        }

        static let handlers = MessageHandlers<Intake>(of: "a worker") { handlers in
            handlers.on(Assignment.self) { intake, assignment in try intake.assign(assignment) }
            handlers.on(StopGeneration.self) { intake, order in intake.stop(order) }
            handlers.on(LaunchAssignment.self) { intake, assignment in try intake.launch(assignment) }
            handlers.on(LaunchRoster.self) { intake, roster in try intake.deliver(roster) }
        }

        private func assign(_ assignment: Assignment) throws {
            try enter(generation: assignment.generation) { control in
                .generation(
                    GenerationRunner(
                        assignment,
                        in: GenerationRunner.Surroundings(
                            messenger: worker.messenger, control: control, roster: worker.roster,
                            cache: worker.cache, threads: worker.threads, logger: worker.logger)))
            }
        }

        private func launch(_ assignment: LaunchAssignment) throws {
            let configuration = worker.configuration
            let permission = LaunchPermission(worker: configuration.name, allowed: configuration.launchFolders)
            let executable = try permission.executable(of: assignment.command)
            try enter(generation: assignment.generation) { control in
                var logger = worker.logger
                logger[metadataKey: "launch"] = "\(assignment.launch)"
                logger.info("launch begins", metadata: ["rank": "\(assignment.rank)", "executable": "\(executable)"])
                return .launch(
                    LaunchRunner(
                        assignment, executable: executable, host: configuration.listenHost,
                        log: configuration.data.appending(
                            path: "launches/\(assignment.launch)-rank-\(assignment.rank).log"),
                        control: control, logger: logger))
            }
        }

        /// Begins something, unless it has begun already; one thing at a time.
        private func enter(generation: UInt64, _ make: (ControlLink) -> WorkerActivity) throws {
            guard let control = control.withLock({ $0 }) else {
                throw Failure(.unavailable, "\(worker.configuration.name) is starting")
            }
            try worker.current.withLock { current in
                if let busy = current {
                    guard busy.generation != generation else { return }
                    throw Failure(.unavailable, "still in generation \(busy.generation) of \(busy.id)")
                }
                let activity = make(control)
                current = activity
                worker.begin.yield(activity)
            }
        }

        private func deliver(_ roster: LaunchRoster) throws {
            guard case .launch(let runner)? = worker.current.withLock({ $0 }),
                runner.assignment.generation == roster.generation
            else { throw Failure(.failedPrecondition, "the rank of \(roster.launch) has ended here") }
            try runner.deliver(roster)
        }

        private func stop(_ order: StopGeneration) {
            let activity = worker.current.withLock { $0 }
            guard let activity, activity.generation == order.generation else { return }
            activity.stop(order.reason)
        }
    }
}
