extension YAMLNode {
    /// Applies `key.path=value`, where the value is YAML: `train.epochs=5`, `model.hidden=[64, 32]`. Mappings that are
    /// not there are made; a key inside something that is no mapping is a problem.
    mutating func set(_ override: YAMLOverride) throws(YAMLProblem) {
        let place = YAMLPlace.override(override)
        let override = override.setting
        guard let sign = override.firstIndex(of: "="), sign > override.startIndex else {
            throw YAMLProblem(place: place, path: "", message: "expected key=value, such as train.epochs=5")
        }
        let keys = override[..<sign].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw YAMLProblem(place: place, path: "", message: "expected keys with one dot between them")
        }
        let text = String(override[override.index(after: sign)...])
        var value: YAMLNode
        do {
            value = try YAMLNode(parsing: text)
        } catch {
            throw YAMLProblem(place: place, path: "", message: error.message)
        }
        if text.allSatisfy(\.isWhitespace) { value = YAMLNode(content: .scalar("", isPlain: true), place: place) }
        value.move(to: place)
        try set(keys[...], value, at: place, path: "")
    }

    private mutating func set(
        _ keys: ArraySlice<String>, _ value: YAMLNode, at place: YAMLPlace, path: String
    ) throws(YAMLProblem) {
        guard let key = keys.first else {
            self = value
            return
        }
        if isNothing { content = .mapping([]) }
        guard case .mapping(var entries) = content else {
            throw YAMLProblem(
                place: place, path: path, message: "expected a mapping to set '\(key)' in, found \(described)")
        }
        let index: Int
        if let found = entries.firstIndex(where: { $0.key == key }) {
            index = found
        } else {
            index = entries.count
            entries.append(Entry(key: key, place: place, value: YAMLNode(content: .mapping([]), place: place)))
        }
        try entries[index].value.set(keys.dropFirst(), value, at: place, path: path.isEmpty ? key : "\(path).\(key)")
        content = .mapping(entries)
    }

    /// Gives the whole tree one place.
    private mutating func move(to place: YAMLPlace) {
        self.place = place
        switch content {
        case .scalar: break
        case .list(var nodes):
            for index in nodes.indices { nodes[index].move(to: place) }
            content = .list(nodes)
        case .mapping(var entries):
            for index in entries.indices {
                entries[index].place = place
                entries[index].value.move(to: place)
            }
            content = .mapping(entries)
        }
    }
}
