import Checkpoints
import Foundation
package import Logging
package import Messaging
package import ServiceLifecycle
import Synchronization
import Wire

/// The worker role: joins the coordinator, takes part in one generation of one job at a time, and otherwise waits.
package final class Worker: Service {
    private let configuration: NodeConfiguration
    private let messenger: any Messenger
    private let logger: Logger
    private let cache: ContentStore
    private let roster = GroupRoster()
    private let runner = Mutex<GenerationRunner?>(nil)
    private let listener = Mutex<(any Listener)?>(nil)
    /// One at a time: the coordinator assigns anew only once the generation before has been left or stopped.
    private let assignments: AsyncStream<GenerationRunner>
    private let accept: AsyncStream<GenerationRunner>.Continuation

    package init(_ configuration: NodeConfiguration, messenger: any Messenger, logger: Logger) throws {
        self.configuration = configuration
        self.messenger = messenger
        self.logger = logger
        cache = try ContentStore(root: configuration.data.appending(path: "cache"))
        (assignments, accept) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    package func run() async throws {
    }
}
