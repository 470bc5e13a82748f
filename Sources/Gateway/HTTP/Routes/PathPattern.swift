/// The path of a route, as documentation writes it: `/v2/models/{model}[/versions/{version}]/infer`. A name in braces stands
/// for any one part, what is in brackets may be absent, and `**` at the end stands for anything or nothing.
struct PathPattern {
    enum Segment: Equatable {
        case literal(String)
        case parameter(String)
        case rest
    }

    /// Every path that the pattern means, without brackets.
    let alternatives: [[Segment]]

    init(_ pattern: String) {
        alternatives = Self.expanded(pattern).map { path in
            path.split(separator: "/").map { part in
                if part == "**" { return .rest }
                guard part.first == "{", part.last == "}" else { return .literal(String(part)) }
                return .parameter(String(part.dropFirst().dropLast()))
            }
        }
    }

    /// Without and with what stands in the first brackets, and so on with those within and behind.
    private static func expanded(_ pattern: String) -> [String] {
        guard let open = pattern.firstIndex(of: "[") else { return [pattern] }
        var depth = 0
        let close = pattern.indices[open...].first { index in
            if pattern[index] == "[" { depth += 1 }
            if pattern[index] == "]" { depth -= 1 }
            return depth == 0
        }
        guard let close else { preconditionFailure("a bracket without its end: \(pattern)") }
        let before = pattern[..<open]
        let optional = pattern[pattern.index(after: open)..<close]
        let after = pattern[pattern.index(after: close)...]
        return expanded(String(before + after)) + expanded(String(before + optional + after))
    }
}
