/// Where the keys of a YAML file stand, for what is said about them after the file was read.
package struct YAMLPlaces {
    private let root: YAMLNode?
    private let file: String

    /// `file` names the text in messages. A text that is no YAML, or overrides that cannot be applied, have no places;
    /// who reads the file says so.
    package init(text: String, file: String, overrides: [YAMLOverride] = []) {
        self.file = file
        var root = try? YAMLNode(parsing: text)
        for override in overrides { try? root?.set(override) }
        self.root = root
    }

    /// Begins a message about the key of this path, such as `model.layers[2].linear`, as `YAMLProblem` does: with the
    /// file, line and column of the key, or of what would hold it where it is not there.
    package func prefix(of path: String) -> String {
        prefix(of: path, at: place(of: Self.steps(of: path)))
    }

    /// The same for a key below those that hold it, whatever characters they are made of.
    package func prefix(of keys: [String]) -> String {
        prefix(of: keys.joined(separator: "."), at: place(of: keys.map(Step.key)))
    }

    private func prefix(of path: String, at place: YAMLPlace?) -> String {
        switch place {
        case .file(let line, let column)?: "\(file):\(line):\(column): \(path)"
        case .override(let override)?: "\(override.option): \(path)"
        case nil: "\(file): \(path)"
        }
    }

    /// Of the key or the list's element, or of the nearest one around it that is there.
    package func place(of path: String) -> YAMLPlace? { place(of: Self.steps(of: path)) }

    private func place(of steps: [Step]) -> YAMLPlace? {
        guard var node = root else { return nil }
        var place = node.place
        for step in steps {
            switch (node.content, step) {
            case (.mapping(let entries), .key(let key)):
                guard let entry = entries.first(where: { $0.key == key }) else { return place }
                if case .override = entry.value.place { place = entry.value.place } else { place = entry.place }
                node = entry.value
            case (.list(let nodes), .index(let index)):
                guard nodes.indices.contains(index) else { return place }
                (place, node) = (nodes[index].place, nodes[index])
            default: return place
            }
        }
        return place
    }

    /// Elements of the list at this path; nil where there is none.
    package func count(of path: String) -> Int? {
        var node = root
        for step in Self.steps(of: path) {
            switch (node?.content, step) {
            case (.mapping(let entries)?, .key(let key)): node = entries.first { $0.key == key }?.value
            case (.list(let nodes)?, .index(let index)) where nodes.indices.contains(index): node = nodes[index]
            default: return nil
            }
        }
        guard case .list(let nodes)? = node?.content else { return nil }
        return nodes.count
    }

    private enum Step {
        case key(String)
        case index(Int)
    }

    private static func steps(of path: String) -> [Step] {
        path.split(separator: ".").flatMap { part -> [Step] in
            guard let bracket = part.firstIndex(of: "[") else { return [.key(String(part))] }
            let indices = part[bracket...].split { "[]".contains($0) }.compactMap { Int($0) }
            return [.key(String(part[..<bracket]))] + indices.map(Step.index)
        }
    }
}
