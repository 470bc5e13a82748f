import Explanations

extension YAMLMapping {
    /// The name of a model, a cluster or a node, by the rule that the coordinator keeps.
    package func name(_ key: String) -> String {
        guard let name = required(key, "text")?.asString() else { return "" }
        if !ClusterName.isValid(name) {
            report(key, ClusterName.expectation(for: "the name", got: name))
        }
        return name
    }
}
