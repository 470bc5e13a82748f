/// A strict reader of the XML that pages are written in: every element closed by its own name, every attribute quoted
/// and there once, no stray `<` or `&`.
struct WellFormed {
    struct Flaw: Error, CustomStringConvertible {
        var description: String
    }

    private var rest: Substring
    /// Names of all elements, in order.
    private(set) var elements: [String] = []
    private(set) var attributes: [(name: String, value: String)] = []
    /// All text outside of markup.
    private(set) var text = ""

    init(_ page: String) throws {
        rest = page[...]
        guard rest.hasPrefix("<!DOCTYPE html>\n") else { throw Flaw(description: "no document type") }
        rest = rest.dropFirst("<!DOCTYPE html>\n".count)
        var open: [String] = []
        while let next = rest.first {
            if next == "<" {
                rest.removeFirst()
                try readTag(&open)
            } else {
                text += try readText(until: "<")
            }
        }
        guard open.isEmpty else { throw Flaw(description: "never closed: \(open)") }
    }

    private mutating func readTag(_ open: inout [String]) throws {
        if rest.first == "/" {
            rest.removeFirst()
            let name = readName()
            guard open.popLast() == name else { throw Flaw(description: "</\(name)> closes something else") }
            return try expect(">")
        }
        let name = readName()
        guard !name.isEmpty else { throw Flaw(description: "a stray < before \(rest.prefix(20))") }
        elements.append(name)
        var seen: Set<String> = []
        while rest.first == " " {
            rest.removeFirst()
            let attribute = readName()
            guard !attribute.isEmpty, seen.insert(attribute).inserted else {
                throw Flaw(description: "attribute '\(attribute)' of \(name)")
            }
            try expect("=\"")
            attributes.append((attribute, try readText(until: "\"")))
            try expect("\"")
        }
        if rest.hasPrefix("/>") {
            rest = rest.dropFirst(2)
        } else {
            try expect(">")
            open.append(name)
        }
    }

    private mutating func readName() -> String {
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        rest = rest.dropFirst(name.count)
        return String(name)
    }

    private mutating func readText(until end: Character) throws -> String {
        var content = ""
        while let next = rest.first, next != end {
            if next == "<" || next == ">" { throw Flaw(description: "a stray \(next) before \(rest.prefix(20))") }
            if next == "&" {
                let references = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
                guard let match = references.first(where: { rest.hasPrefix($0.key) }) else {
                    throw Flaw(description: "a stray & before \(rest.prefix(20))")
                }
                content += match.value
                rest = rest.dropFirst(match.key.count)
            } else {
                content.append(next)
                rest.removeFirst()
            }
        }
        return content
    }

    private mutating func expect(_ mark: String) throws {
        guard rest.hasPrefix(mark) else { throw Flaw(description: "expected \(mark) before \(rest.prefix(20))") }
        rest = rest.dropFirst(mark.count)
    }
}
