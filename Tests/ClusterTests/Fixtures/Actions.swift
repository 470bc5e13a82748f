import Digests
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

/// What tests ask of a list of actions.
extension [Action] {
    var assignments: [Assignment] {
        compactMap { if case .order(.assign(let assignment), _, _) = $0 { assignment } else { nil } }
    }

    /// Names of the nodes told to stop.
    var stopped: [String] {
        compactMap { if case .order(.stop, let node, _) = $0 { node } else { nil } }
    }

    /// "node model:version" of each load, in order.
    var loads: [String] {
        compactMap {
            if case .order(.load(let load), let node, _) = $0 { "\(node) \(load.model):\(load.version)" } else { nil }
        }
    }

    var unloads: [String] {
        compactMap {
            if case .order(.unload(let unload), let node, _) = $0 {
                "\(node) \(unload.model):\(unload.version)"
            } else {
                nil
            }
        }
    }

    var tables: [RoutingTable] {
        compactMap { if case .publish(let table, _) = $0 { table } else { nil } }
    }

    var savedJobs: [StoredJob] {
        compactMap { if case .save(.job(let job)) = $0 { job } else { nil } }
    }

    var saves: [StateChange] {
        compactMap { if case .save(let change) = $0 { change } else { nil } }
    }

    var released: Set<ContentDigest> {
        reduce(into: []) { if case .release(let digests) = $1 { $0.formUnion(digests) } }
    }

    func answer(to request: RequestID) -> Answer? {
        for case .answer(request, let answer) in self { return answer }
        return nil
    }

    func failure(of request: RequestID) -> Failure? {
        if case .failure(let failure)? = answer(to: request) { return failure }
        return nil
    }

    var logged: [String] {
        compactMap { if case .log(let entry) = $0 { entry.message } else { nil } }
    }
}
