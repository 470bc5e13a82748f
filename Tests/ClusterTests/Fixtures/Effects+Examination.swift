import Digests
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

/// What tests ask of actions.
extension Sequence<Action> {
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

/// As a list of its actions: nothing is to be done and nothing to be stored where it equals `[]`.
extension Effects: Sequence, ExpressibleByArrayLiteral {
    init(arrayLiteral actions: Action...) { self.init(actions: actions) }

    func makeIterator() -> IndexingIterator<[Action]> { actions.makeIterator() }

    var first: Action? { actions.first }

    var isEmpty: Bool { self == [] }

    var saves: [StateChange] { changes }

    var savedJobs: [StoredJob] {
        changes.compactMap { if case .job(let job) = $0 { job } else { nil } }
    }

    static func + (first: Effects, second: Effects) -> Effects {
        Effects(changes: first.changes + second.changes, actions: first.actions + second.actions)
    }

    static func += (first: inout Effects, second: Effects) { first = first + second }
}
