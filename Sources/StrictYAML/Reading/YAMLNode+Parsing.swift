import Yams

extension YAMLNode {
    /// More nodes than any file that a person writes; aliases of aliases could make billions out of a few lines.
    static let maximumNodes = 100_000

    /// Reads one YAML document. An empty one is an empty mapping. Throws the one problem that stops the parser.
    init(parsing text: String) throws(YAMLProblem) {
        do {
            let parser = try Parser(yaml: text)
            guard let root = try parser.singleRoot() else {
                self.init(content: .mapping([]), place: .file(line: 1, column: 1))
                return
            }
            var budget = Self.maximumNodes
            try self.init(root, &budget)
        } catch let problem as YAMLProblem {
            throw problem
        } catch let error as YamlError {
            throw YAMLProblem(error)
        } catch {
            throw YAMLProblem(place: .file(line: 1, column: 1), path: "", message: "\(error)")
        }
    }

    private init(_ node: Node, _ budget: inout Int) throws {
        place = Self.place(node)
        budget -= 1
        guard budget >= 0 else {
            throw YAMLProblem(place: place, path: "", message: "the file has more than \(Self.maximumNodes) values")
        }
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            content = .list(try sequence.map { try YAMLNode($0, &budget) })
        case .mapping(let mapping):
            content = .mapping(
                try mapping.map { key, value in
                    guard case .scalar(let scalar) = key else {
                        throw YAMLProblem(place: Self.place(key), path: "", message: "expected a key, found more")
                    }
                    return Entry(key: scalar.string, place: Self.place(key), value: try YAMLNode(value, &budget))
                })
        case .alias:
            throw YAMLProblem(place: place, path: "", message: "an alias of something that is not there")
        }
    }

    private static func place(_ node: Node) -> YAMLPlace {
        .file(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}

extension YAMLProblem {
    /// What the parser says, in one line.
    fileprivate init(_ error: YamlError) {
        func problem(_ mark: Mark, _ text: String) -> YAMLProblem {
            YAMLProblem(
                place: .file(line: mark.line, column: mark.column), path: "", message: "this is not YAML: \(text)")
        }
        let start = YAMLPlace.file(line: 1, column: 1)
        self =
            switch error {
            case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
                .composer(let context, let text, let mark, _):
                problem(mark, Self.words(for: text, context: context?.text))
            case .duplicatedKeysInMapping(let keys, let context):
                YAMLProblem(
                    place: .file(line: context.mark.line, column: context.mark.column), path: "",
                    message: "a key comes twice in one mapping: '\(keys.joined(separator: "', '"))'")
            case .reader(let text, _, _, _):
                YAMLProblem(place: start, path: "", message: "this is not YAML: \(text)")
            default:
                YAMLProblem(place: start, path: "", message: "this is not YAML: \(error)")
            }
    }

    /// What people stumble over in words of ours, the rest in the parser's.
    private static func words(for text: String, context: String?) -> String {
        if text.contains("nesting level") { return "it is nested too deeply" }
        if context?.contains("block scalar") == true {
            return "a text that begins with '>' or '|' needs quotes: \">= 0.9\""
        }
        if text.contains("cannot start any token") {
            return "a text that begins with '@', '`', '%' or a tab needs quotes"
        }
        return context.map { "\($0), \(text)" } ?? text
    }
}
