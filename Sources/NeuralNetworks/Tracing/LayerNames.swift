/// What the layers of a model are called: the path of properties that leads to each, such as `towers.0.left`.
struct LayerNames {
    /// In the order of the properties. Layers that two properties hold have the name of the first.
    private(set) var names: [String] = []
    private var byLayers: [ObjectIdentifier: String] = [:]

    init(of model: some Model) {
        visit(model, path: "")
    }

    func name(of layers: Layers) -> String? {
        byLayers[ObjectIdentifier(layers)]
    }

    private mutating func visit(_ value: Any, path: String) {
        if let layers = value as? Layers {
            guard byLayers[ObjectIdentifier(layers)] == nil else { return }
            byLayers[ObjectIdentifier(layers)] = path
            names.append(path)
            return
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .struct, .tuple:
            for child in mirror.children { visit(child.value, path: Self.join(path, child.label ?? "")) }
        case .collection:
            for (index, child) in mirror.children.enumerated() { visit(child.value, path: Self.join(path, "\(index)")) }
        case .optional:
            for child in mirror.children { visit(child.value, path: path) }
        default: break
        }
    }

    private static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}
