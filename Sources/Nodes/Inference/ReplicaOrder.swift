import ClusterProtocol
import Serving

/// What the coordinator orders of an inference node.
enum ReplicaOrder: Sendable, Equatable {
    case load(LoadReplica)
    case unload(UnloadReplica)

    var key: ModelKey {
        switch self {
        case .load(let load): ModelKey(model: load.model, version: load.version)
        case .unload(let unload): ModelKey(model: unload.model, version: unload.version)
        }
    }
}
