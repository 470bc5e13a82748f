import Checkpoints
package import Foundation
package import Logging
package import Messaging
package import ServiceLifecycle
import Synchronization
import Wire

/// The worker role: joins the coordinator, takes part in one generation of one job at a time, and otherwise waits.
package final class Worker: Service {
    package struct Settings: Sendable {
        package var name: String
        package var coordinatorEndpoint: String
        /// Where peers reach this worker; port 0 picks a free one.
        package var listenEndpoint: String
        package var cacheFolder: URL

        package init(name: String, coordinatorEndpoint: String, listenEndpoint: String, cacheFolder: URL) {
            self.name = name
            self.coordinatorEndpoint = coordinatorEndpoint
            self.listenEndpoint = listenEndpoint
            self.cacheFolder = cacheFolder
        }
    }

    private let settings: Settings
    private let messenger: any Messenger
    private let logger: Logger
    private let roster = GroupRoster()
    private let cache: ContentStore
    private let runner = Mutex<GenerationRunner?>(nil)
    /// Assignments, one after the other: the next begins when the one before has left.
    private let assignments: AsyncStream<Assignment>
    private let assign: AsyncStream<Assignment>.Continuation

    package init(_ settings: Settings, messenger: any Messenger, logger: Logger) throws {
        self.settings = settings
        self.messenger = messenger
        self.logger = logger
        cache = try ContentStore(root: settings.cacheFolder)
        (assignments, assign) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func run() async throws {
        let listener = try messenger.bind(settings.listenEndpoint, admitting: [.worker]) { [self] peer, message in
            receive(message, from: peer)
        }
        defer { listener.close() }
        peerListener.withLock { $0 = listener }
        let control = ControlLink(
            messenger: messenger, coordinatorEndpoint: settings.coordinatorEndpoint,
            description: NodeDescription(name: settings.name, role: .worker, endpoint: listener.endpoint),
            logger: logger, report: { [self] in report() }, handler: { [self] in try handle($0) })
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await control.run() }
            tasks.addTask { [self] in
                for await assignment in assignments.cancelOnGracefulShutdown() {
                    await run(assignment, control: control)
                }
            }
            try await tasks.next()
            runner.withLock { $0?.stop("the worker shuts down") }
            tasks.cancelAll()
        }
    }
}
