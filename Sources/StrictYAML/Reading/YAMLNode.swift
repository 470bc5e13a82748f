/// A YAML document as a tree that remembers where each part stands.
struct YAMLNode: Equatable {
    enum Content: Equatable {
        /// `isPlain`: without quotes, so it may mean a number, a boolean or nothing.
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        case mapping([Entry])
    }

    struct Entry: Equatable {
        var key: String
        var place: YAMLPlace
        var value: YAMLNode
    }

    var content: Content
    var place: YAMLPlace

    var isNothing: Bool {
        if case .scalar(let text, true) = content { return ["", "~", "null", "Null", "NULL"].contains(text) }
        return false
    }

    /// For messages: what stands there.
    var described: String {
        switch content {
        case _ where isNothing: "nothing"
        case .scalar(let text, let isPlain):
            "\(isPlain ? "" : "the text ")'\(text.prefix(60))\(text.count > 60 ? "…" : "")'"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// Where a value comes from.
package enum YAMLPlace: Sendable, Equatable {
    /// Both from 1.
    case file(line: Int, column: Int)
    /// Set on the command line, by this text.
    case override(YAMLOverride)
}
