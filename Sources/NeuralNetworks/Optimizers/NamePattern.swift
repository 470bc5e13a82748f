/// A pattern for names, in which `*` stands for any text, also none: `*.bias`, `encoder.*`.
public struct NamePattern: Sendable, Equatable {
    private let parts: [Substring]

    public init(_ pattern: String) {
        parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    }

    /// Each part is looked for behind the one before; taking the first place leaves the most for those that follow.
    public func matches(_ name: String) -> Bool {
        guard parts.count > 1 else { return name == parts[0] }
        guard let first = parts.first, let last = parts.last, name.hasPrefix(first) else { return false }
        var rest = name.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
