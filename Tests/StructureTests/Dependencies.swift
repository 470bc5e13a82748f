/// What needs what.
struct Dependencies: Sendable {
    /// By who needs, then by what is needed: why.
    private(set) var edges: [String: [String: String]] = [:]

    mutating func add(_ node: String, needs other: String, because reason: String) {
        guard node != other, edges[node]?[other] == nil else { return }
        edges[node, default: [:]][other] = reason
    }

    func reachable(from node: String) -> Set<String> {
        var found: Set<String> = []
        var open = [node]
        while let next = open.popLast() {
            for other in edges[next, default: [:]].keys where found.insert(other).inserted { open.append(other) }
        }
        return found
    }

    /// The sets of nodes that all need each other, of two and more, in the order of their names. Files beside each other in
    /// the root are of one folder, and may.
    var cycles: [[String]] {
        let reach = Dictionary(uniqueKeysWithValues: edges.keys.map { ($0, reachable(from: $0)) })
        var seen: Set<String> = []
        return edges.keys.sorted().compactMap { node in
            guard !seen.contains(node), reach[node]?.contains(node) == true else { return nil }
            let cycle = reach[node, default: []].filter { reach[$0]?.contains(node) == true }.sorted()
            seen.formUnion(cycle)
            return cycle.allSatisfy { $0.hasSuffix(".swift") } ? nil : cycle
        }
    }

    /// One reason for every edge within a cycle.
    func reasons(within cycle: [String]) -> String {
        cycle.flatMap { node in
            edges[node, default: [:]].filter { cycle.contains($0.key) }.sorted { $0.key < $1.key }.map {
                "\(node) -> \($0.key): \($0.value)"
            }
        }.joined(separator: "\n")
    }
}
