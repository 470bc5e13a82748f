import Checkpoints
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
    private let cache: ContentStore
    private let roster: GroupRoster
    /// The generation that this worker is in.
    private let current = Mutex<GenerationRunner?>(nil)
    /// Hands generations from the messaging thread to the task that runs them; there is never more than one.
    private let generations: AsyncStream<GenerationRunner>
    private let begin: AsyncStream<GenerationRunner>.Continuation

    /// Where peers reach this worker.
    package var endpoint: String { listener.endpoint }

    /// Binds the configuration's address. Throws `MessagingError` or `StoreError`.
    package init(_ configuration: NodeConfiguration, messenger: any Messenger, logger: Logger) throws {
        self.configuration = configuration
        self.messenger = messenger
        self.logger = logger
        cache = try ContentStore(root: configuration.data.appending(path: "cache"))
        roster = GroupRoster()
        listener = try roster.listen(configuration.listen ?? "tcp://127.0.0.1:0", messenger: messenger)
        (generations, begin) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Ends when the process is asked to shut down; a generation under way is left, and goes on without this worker.
    package func run() async throws {
        defer { listener.close() }
        let intake = Intake(worker: self)
        let control = try ControlLink(
            messenger: messenger, coordinatorEndpoint: configuration.coordinator ?? "",
            description: NodeDescription(name: configuration.name, role: .worker, endpoint: listener.endpoint),
            logger: logger, report: { [self] in report() }, handler: { try intake.take($0) })
        intake.open(control)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await control.run() }
            tasks.addTask { [self] in
                for await runner in generations.cancelOnGracefulShutdown() {
                    await run(runner, control: control)
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
            logger.warning("generation failed", metadata: ["reason": "\(reason)"])
            let report = GenerationFailed(
                job: assignment.job, generation: assignment.generation, rank: assignment.rank, reason: reason,
                permanent: permanent)
            do {
                try await control.callUntilAnswered("generation-failed", report)
            } catch {
                logger.warning("failure not reported", metadata: ["reason": "\(error)"])
            }
        }
        current.withLock { if $0 === runner { $0 = nil } }
    }

    private func report() -> NodeReport {
        guard let assignment = current.withLock({ $0 })?.assignment else {
            return NodeReport(activity: "idle", worker: WorkerReport())
        }
        return NodeReport(
            activity: "\(assignment.job): rank \(assignment.rank) of \(assignment.members.count)",
            worker: WorkerReport(job: assignment.job, generation: assignment.generation))
    }

    /// Takes the coordinator's orders. Each may come twice, if its acknowledgement was lost.
    private final class Intake: Sendable {
        private let worker: WorkerNode
        private let control = Mutex<ControlLink?>(nil)

        init(worker: WorkerNode) {
            self.worker = worker
        }

        func open(_ control: ControlLink) {
            self.control.withLock { $0 = control }
        }

        func take(_ document: Document) throws {
            switch document.kind {
            case "assign": try assign(document.decode())
            case "stop": stop(try document.decode())
            default:
                throw Failure(.invalidArgument, "a worker takes 'assign' and 'stop', got '\(document.kind)'")
            }
        }

        private func assign(_ assignment: Assignment) throws {
            guard let control = control.withLock({ $0 }) else {
                throw Failure(.unavailable, "\(worker.configuration.name) is starting")
            }
            try worker.current.withLock { current in
                if let busy = current?.assignment {
                    guard busy.generation != assignment.generation else { return }
                    throw Failure(.unavailable, "still in generation \(busy.generation) of \(busy.job)")
                }
                let runner = GenerationRunner(
                    assignment,
                    in: GenerationRunner.Surroundings(
                        messenger: worker.messenger, control: control, roster: worker.roster, cache: worker.cache,
                        logger: worker.logger))
                current = runner
                worker.begin.yield(runner)
            }
        }

        private func stop(_ order: StopGeneration) {
            let runner = worker.current.withLock { $0 }
            guard let runner, runner.assignment.generation == order.generation else { return }
            runner.stop(order.reason)
        }
    }
}
