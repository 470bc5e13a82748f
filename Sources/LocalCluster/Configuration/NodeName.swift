/// The names that nodes have in the keyring.
package enum NodeName {
    package static let coordinator = "coordinator"
    package static let gateway = "gateway-0"
    package static let `operator` = "operator"
    /// No node: it has no key, and talks to no one.
    package static let supervisor = "supervisor"
    package static func worker(_ index: Int) -> String { "worker-\(index)" }
    package static func inference(_ index: Int) -> String { "inference-\(index)" }
}
