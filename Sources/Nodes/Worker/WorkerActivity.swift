import JobProtocol
import ClusterProtocol

/// What a worker is in: one thing at a time.
enum WorkerActivity: Sendable {
    case generation(GenerationRunner)
    case launch(LaunchRunner)

    /// Of the job or the launch.
    var id: String {
        switch self {
        case .generation(let runner): runner.assignment.job
        case .launch(let runner): runner.assignment.launch
        }
    }

    /// Unique in the cluster among both.
    var generation: UInt64 {
        switch self {
        case .generation(let runner): runner.assignment.generation
        case .launch(let runner): runner.assignment.generation
        }
    }

    /// Ends it on this worker, as soon as it can be ended.
    func stop(_ reason: String) {
        switch self {
        case .generation(let runner): runner.stop(reason)
        case .launch(let runner): runner.stop(reason)
        }
    }
}

extension WorkerActivity: CustomStringConvertible {
    /// One line for `martlet status`.
    var description: String {
        switch self {
        case .generation(let runner):
            "\(id): rank \(runner.assignment.rank) of \(runner.assignment.members.count)"
        case .launch(let runner): "\(id): rank \(runner.assignment.rank) of \(runner.assignment.worldSize), launched"
        }
    }
}
