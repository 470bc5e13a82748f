import Foundation

/// What a file of Swift declares at its top level, uses and imports, as far as names tell. Members are not looked at: many
/// types have one of the same name.
struct SourceFile: Sendable {
    /// Below the module's folder.
    let path: String
    let declarations: Set<String>
    let uses: Set<String>
    let imports: Set<String>
    /// All that is neither a comment nor text.
    let tokens: [Token]

    /// The folder, or the file itself in the module's root.
    var node: String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? path : folder
    }

    init(path: String, text: String) {
        self.path = path
        tokens = Token.all(in: text)
        var declarations: Set<String> = []
        var nested: Set<String> = []
        var uses: Set<String> = []
        var imports: Set<String> = []
        var depth = 0
        for (index, token) in tokens.enumerated() {
            let before = index > 0 ? tokens[index - 1].text : ""
            let after = index + 1 < tokens.count ? tokens[index + 1].text : ""
            switch token.text {
            case "{": depth += 1
            case "}": depth -= 1
            default: break
            }
            guard token.isName else { continue }
            if Self.typeWords.contains(before) || (depth == 0 && Self.valueWords.contains(before)) {
                if depth == 0 { declarations.insert(token.text) } else { nested.insert(token.text) }
            } else if before == "import" {
                imports.insert(token.text)
            } else if before != "." || (index > 1 && Self.isRangeOrOperator(tokens[index - 2].text)) {
                let isLabel = after == ":" && (before == "(" || before == ",")
                if !isLabel { uses.insert(token.text) }
            }
        }
        self.declarations = declarations
        // A name that the file gives to a type of its own means that one.
        self.uses = uses.subtracting(nested)
        self.imports = imports
    }

    private static let typeWords: Set = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    private static let valueWords: Set = ["func", "let", "var"]

    /// Behind the dots of `0...limit` stands no member.
    private static func isRangeOrOperator(_ text: String) -> Bool { text == "." || text == "<" }
}

/// A word or a sign of Swift.
struct Token: Sendable, Equatable {
    var text: String
    var line: Int

    var isName: Bool {
        text.first.map { $0.isLetter || $0 == "_" } == true && !Self.keywords.contains(text)
    }

    private static let keywords: Set = [
        "func", "let", "var", "struct", "class", "enum", "protocol", "actor", "typealias", "extension", "import",
        "init",
        "self", "Self", "in", "if", "else", "guard", "for", "while", "return", "throw", "try", "await", "async",
        "throws",
        "case", "switch", "default", "package", "public", "private", "fileprivate", "internal", "static", "final",
        "some",
        "any", "where", "as", "is", "nil", "true", "false", "do", "catch", "defer", "break", "continue", "mutating",
    ]

    /// Comments and text are left out, but not what is interpolated into text.
    static func all(in source: String) -> [Token] {
        var scanner = TokenScanner(source)
        return scanner.scan()
    }
}

/// Cuts a source into tokens.
private struct TokenScanner {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var tokens: [Token] = []

    init(_ source: String) {
        bytes = Array(source.utf8)
    }

    mutating func scan() -> [Token] {
        code(untilParenthesis: false)
        return tokens
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        place + offset < bytes.count ? bytes[place + offset] : nil
    }

    private func begins(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where place < bytes.count {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        }
    }

    /// - Parameter untilParenthesis: code within text, which ends with the parenthesis that it began with.
    private mutating func code(untilParenthesis: Bool) {
        var depth = 0
        while let byte = peek() {
            if begins("//") {
                while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
            } else if begins("/*") {
                while peek() != nil, !begins("*/") { advance() }
                advance(2)
            } else if byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "#") && isRawText) {
                text()
            } else if Self.isWord(byte) {
                let start = place
                while let byte = peek(), Self.isWord(byte) { advance() }
                tokens.append(Token(text: String(decoding: bytes[start..<place], as: UTF8.self), line: line))
            } else {
                if untilParenthesis, byte == UInt8(ascii: "(") { depth += 1 }
                if untilParenthesis, byte == UInt8(ascii: ")") {
                    if depth == 0 { return }
                    depth -= 1
                }
                if byte > UInt8(ascii: " ") {
                    tokens.append(Token(text: String(UnicodeScalar(byte)), line: line))
                }
                advance()
            }
        }
    }

    private var isRawText: Bool {
        var offset = 0
        while peek(offset) == UInt8(ascii: "#") { offset += 1 }
        return peek(offset) == UInt8(ascii: "\"")
    }

    private mutating func text() {
        var marks = 0
        while peek() == UInt8(ascii: "#") {
            marks += 1
            advance()
        }
        let hashes = String(repeating: "#", count: marks)
        let quote = begins("\"\"\"") ? "\"\"\"" : "\""
        advance(quote.count)
        while peek() != nil {
            if begins(quote + hashes) { return advance(quote.count + marks) }
            if begins("\\" + hashes + "(") {
                advance(2 + marks)
                code(untilParenthesis: true)
                advance()
            } else if begins("\\"), marks == 0 {
                advance(2)
            } else {
                advance()
            }
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
