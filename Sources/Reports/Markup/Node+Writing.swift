extension Node {
    /// As HTML that is well-formed XML at the same time: what an XML parser takes, every browser takes.
    func write(to text: inout String) {
        switch self {
        case .text(let content): Self.escape(content, into: &text)
        case .element(let element):
            text += "<\(element.name)"
            for attribute in element.attributes {
                text += " \(attribute.name)=\""
                Self.escape(attribute.value, into: &text)
                text += "\""
            }
            if element.children.isEmpty, Self.voidElements.contains(element.name) {
                text += "/>"
                return
            }
            text += ">"
            for child in element.children { child.write(to: &text) }
            text += "</\(element.name)>"
            if Self.blockElements.contains(element.name) { text += "\n" }
        }
    }

    /// Characters that end text or attributes are written as references; those that XML does not have at all, such as
    /// most control characters, as U+FFFD.
    static func escape(_ content: String, into text: inout String) {
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "\t", "\n", "\r": text.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// Those that HTML ends at once; in SVG anything may be written that way, but need not.
    private static let voidElements: Set<String> = [
        "br", "meta", "img", "hr", "line", "rect", "path", "circle", "polyline",
    ]

    /// A line break behind these keeps lines short and changes nothing that is seen.
    private static let blockElements: Set<String> = [
        "div", "section", "header", "footer", "table", "tr", "figure", "svg", "g", "head", "meta", "style", "p", "h1",
        "h2", "h3",
    ]
}
