import Foundation

/// What a Swift file says for people: its documentation and the examples in it.
struct SwiftSource {
    /// A declaration with its documentation.
    struct Declaration {
        /// The line that begins it, without what is around it.
        var line: String
        var documentation: [String]

        /// The name, if it is a type that users of the module see.
        var publicType: String? {
            var words = line.split(separator: " ")[...]
            guard words.popFirst() == "public" else { return nil }
            words = words.drop { ["final", "indirect"].contains($0) }
            guard let kind = words.popFirst(), ["actor", "class", "enum", "protocol", "struct"].contains(kind)
            else { return nil }
            return words.first.map { String($0.prefix { $0.isLetter || $0.isNumber }) }
        }

        var examples: [String] { SwiftSource.examples(in: documentation) }
    }

    let name: String
    let lines: [String]

    init(_ file: URL) throws {
        name = file.lastPathComponent
        lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// All Swift files of a folder and of those in it.
    static func all(in folder: URL) throws -> [SwiftSource] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { $0.hasSuffix(".swift") }.sorted().map { try SwiftSource(folder.appending(path: $0)) }
    }

    /// What is declared, also without documentation.
    var declarations: [Declaration] {
        var documentation: [String] = []
        var declarations: [Declaration] = []
        for line in lines.map({ $0.trimmingCharacters(in: .whitespaces) }) {
            if line.hasPrefix("///") {
                let text = line.dropFirst(3)
                documentation.append(String(text.hasPrefix(" ") ? text.dropFirst() : text))
            } else if !line.hasPrefix("@") {
                declarations.append(Declaration(line: line, documentation: documentation))
                documentation = []
            }
        }
        return declarations
    }

    /// The bodies of the static functions of the file's type.
    var functionBodies: [String] {
        var bodies: [String] = []
        var body: [String]?
        var isInSignature = false
        for line in lines {
            if body != nil, line == "    }" {
                bodies.append(Self.normalized(body!))
                body = nil
            } else if body != nil {
                body!.append(line)
            } else if line.hasPrefix("    static func ") || isInSignature {
                isInSignature = !line.hasSuffix("{")
                if !isInSignature { body = [] }
            }
        }
        return bodies
    }

    /// The blocks of Swift in a text of Markdown.
    static func examples(in lines: [String]) -> [String] {
        var examples: [String] = []
        var block: [String]?
        for line in lines {
            if line == "```swift" {
                block = []
            } else if line == "```", let code = block {
                examples.append(normalized(code))
                block = nil
            } else {
                block?.append(line)
            }
        }
        return examples
    }

    /// Code whatever its indentation and its lines, without imports.
    static func normalized(_ lines: [String]) -> String {
        lines.filter { !$0.hasPrefix("import ") }.joined(separator: " ").split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }
}
