package import ClusterProtocol
import JobProtocol

extension Order {
    /// What an order is about: all that is needed to know what its answer means, without the plan and the
    /// specification that it takes to a worker.
    package enum Subject: Codable, Sendable, Equatable {
        case assign(job: String, generation: UInt64)
        case stop(job: String, generation: UInt64)
        case launch(String, generation: UInt64)
        case roster(launch: String, generation: UInt64)
        case load(LoadReplica)
        case unload(UnloadReplica)

        package var kind: MessageKind {
            switch self {
            case .assign: .assign
            case .stop: .stop
            case .launch: .launch
            case .roster: .roster
            case .load: .load
            case .unload: .unload
            }
        }
    }

    package var subject: Subject {
        switch self {
        case .assign(let assignment): .assign(job: assignment.job, generation: assignment.generation)
        case .stop(let stop): .stop(job: stop.job, generation: stop.generation)
        case .launch(let assignment): .launch(assignment.launch, generation: assignment.generation)
        case .roster(let roster): .roster(launch: roster.launch, generation: roster.generation)
        case .load(let load): .load(load)
        case .unload(let unload): .unload(unload)
        }
    }
}
