import Yams

extension YAMLNode {
    /// More nodes than any file that a person writes; aliases of aliases could make billions out of a few lines.
    static let maximumNodes = 100_000

    /// Reads one YAML document. An empty one is an empty mapping. Throws the one problem that stops the parser.
    ///
    /// A byte order mark in front is passed over: editors write it, and the parser takes it for a part of the first key.
    init(parsing text: String) throws(YAMLProblem) {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
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
            throw YAMLProblem(error, in: text)
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
        if let tag = Self.tag(of: node) {
            throw YAMLProblem(
                place: place, path: "",
                message:
                    "tags have no meaning here, found '\(tag)': leave it out; a text that looks like a number or a "
                    + "list stands in quotes")
        }
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            content = .list(try sequence.map { try YAMLNode($0, &budget) })
        case .mapping(let mapping):
            var keys: Set<String> = []
            content = .mapping(
                try mapping.map { key, value in
                    guard case .scalar(let scalar) = key else {
                        throw YAMLProblem(place: Self.place(key), path: "", message: "expected a key, found more")
                    }
                    // To the parser a word of YAML in quotes, such as "on", is another key than without.
                    guard keys.insert(scalar.string).inserted else {
                        throw YAMLProblem(keyThatComesTwice: scalar.string, place: Self.place(key))
                    }
                    return Entry(key: scalar.string, place: Self.place(key), value: try YAMLNode(value, &budget))
                })
        case .alias:
            throw YAMLProblem(place: place, path: "", message: "an alias of something that is not there")
        }
    }

    /// Such as `!!str`, where one is written; in front of a text in quotes that one cannot be told from none.
    private static func tag(of node: Node) -> String? {
        let tag =
            switch node {
            case .scalar(let scalar): scalar.tag.description
            case .sequence(let sequence): sequence.tag.description
            case .mapping(let mapping): mapping.tag.description
            case .alias: ""
            }
        if case .scalar(let scalar) = node, scalar.style != .plain, tag == Tag.Name.str.rawValue { return nil }
        return tag.isEmpty ? nil : tag.replacing("tag:yaml.org,2002:", with: "!!")
    }

    private static func place(_ node: Node) -> YAMLPlace {
        .file(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}

extension YAMLProblem {
    fileprivate init(keyThatComesTwice key: String, place: YAMLPlace) {
        self.init(place: place, path: "", message: "a key comes twice in one mapping: '\(key)'")
    }

    /// What the parser says, in one line.
    fileprivate init(_ error: YamlError, in text: String) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        func problem(_ mark: Mark, _ text: String) -> YAMLProblem {
            YAMLProblem(
                place: .file(line: mark.line, column: mark.column), path: "", message: "this is not YAML: \(text)")
        }
        let start = YAMLPlace.file(line: 1, column: 1)
        self =
            switch error {
            case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
                .composer(let context, let text, let mark, _):
                problem(
                    mark,
                    lines.indices.contains(mark.line - 1) && Self.isIndentedByTab(lines[mark.line - 1])
                        ? "the line is indented by a tab, which YAML does not take: indent it by spaces"
                        : Self.words(for: text, context: context?.text))
            case .duplicatedKeysInMapping(let keys, let context):
                YAMLProblem(
                    keyThatComesTwice: keys.joined(separator: "', '"),
                    place: Self.secondPlace(of: keys.first ?? "", behind: context.mark, in: lines))
            case .reader(let text, _, _, _):
                YAMLProblem(place: start, path: "", message: "this is not YAML: \(text)")
            default:
                YAMLProblem(place: start, path: "", message: "this is not YAML: \(error)")
            }
    }

    private static func isIndentedByTab(_ line: Substring.UTF8View) -> Bool {
        line.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.contains(UInt8(ascii: "\t"))
    }

    /// Where a key comes again: the parser tells only where it came first. In a mapping of lines that is the next line that
    /// begins with it in the same column, else the next place where it stands before a colon.
    private static func secondPlace(
        of key: String, behind mark: Mark, in lines: [Substring.UTF8View]
    ) -> YAMLPlace {
        let first = YAMLPlace.file(line: mark.line, column: mark.column)
        guard !key.isEmpty, lines.indices.contains(mark.line - 1), mark.column >= 1 else { return first }
        let quotes: [Substring.UTF8View.Element?] = [nil, UInt8(ascii: "\""), UInt8(ascii: "'")]
        let spellings = quotes.map { quote in [quote].compactMap(\.self) + Array(key.utf8) + [quote].compactMap(\.self)
        }
        func isKey(_ text: Substring.UTF8View.SubSequence) -> Bool {
            spellings.contains { spelling in
                text.starts(with: spelling)
                    && text.dropFirst(spelling.count).first { $0 != UInt8(ascii: " ") } == UInt8(ascii: ":")
            }
        }
        for index in lines.indices.dropFirst(mark.line) {
            let indent = lines[index].prefix { $0 == UInt8(ascii: " ") }.count
            if indent == mark.column - 1, isKey(lines[index].dropFirst(indent)) {
                return .file(line: index + 1, column: mark.column)
            }
        }
        for index in lines.indices.dropFirst(mark.line - 1) {
            let start = index == mark.line - 1 ? mark.column - 1 + key.utf8.count : 0
            for column in start..<max(start, lines[index].count) where isKey(lines[index].dropFirst(column)) {
                return .file(line: index + 1, column: column + 1)
            }
        }
        return first
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
