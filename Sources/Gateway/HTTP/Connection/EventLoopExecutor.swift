import NIOCore

/// Runs tasks on an event loop.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop
    /// For what takes long.
    let turns: Turns

    /// - Throws: `IOError` where the process has no descriptors for it.
    init(_ loop: any EventLoop) throws {
        self.loop = loop
        turns = try Turns(loop)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// One executor for each loop of a group.
struct EventLoopExecutors: Sendable {
    private let executors: [ObjectIdentifier: EventLoopExecutor]

    /// - Throws: `IOError` where the process has no descriptors for them.
    init(_ group: any EventLoopGroup) throws {
        executors = Dictionary(
            uniqueKeysWithValues: try group.makeIterator().map { (ObjectIdentifier($0), try EventLoopExecutor($0)) })
    }

    /// Nil for a loop of another group.
    subscript(loop: any EventLoop) -> EventLoopExecutor? { executors[ObjectIdentifier(loop)] }
}
