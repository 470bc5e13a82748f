/// `digits`, `digits:3` or `digits@production`.
package struct VersionReference: Sendable, Equatable {
    package enum Selector: Sendable, Equatable {
        case all
        case version(Int)
        case alias(String)
    }

    package var name: String
    package var selector: Selector

    package init(name: String, selector: Selector) {
        self.name = name
        self.selector = selector
    }

    package init?(_ text: String) {
        guard let mark = text.firstIndex(where: { $0 == ":" || $0 == "@" }) else {
            guard !text.isEmpty else { return nil }
            (name, selector) = (text, .all)
            return
        }
        let rest = text[text.index(after: mark)...]
        name = String(text[..<mark])
        if text[mark] == "@" {
            selector = .alias(String(rest))
        } else if let version = Int(digits: rest), version > 0 {
            selector = .version(version)
        } else {
            return nil
        }
        if name.isEmpty || rest.isEmpty { return nil }
    }
}
