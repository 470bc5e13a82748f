/// A value to be written as YAML. Literals make one: `["name": "worker-0", "threads": 1]`.
package enum YAMLText: Sendable, Equatable {
    case string(String)
    case integer(Int)
    case number(Double)
    case bool(Bool)
    /// In whole milliseconds.
    case duration(Duration)
    case list([YAMLText])
    /// In the order in which it is to be read.
    case mapping([(key: String, value: YAMLText)])

    package static func == (a: YAMLText, b: YAMLText) -> Bool { a.rendered() == b.rendered() }

    /// In block style, two spaces a level, ended by a line feed; `YAMLFile` reads it back.
    package func rendered() -> String {
        switch self {
        case .mapping(let entries) where !entries.isEmpty:
            Self.lines(entries, indent: "").joined(separator: "\n") + "\n"
        default: inline + "\n"
        }
    }

    private static func lines(_ entries: [(key: String, value: YAMLText)], indent: String) -> [String] {
        entries.flatMap { key, value in
            switch value {
            case .mapping(let inner) where !inner.isEmpty:
                ["\(indent)\(scalar(key)):"] + lines(inner, indent: indent + "  ")
            case .list(let elements) where elements.contains(where: \.isMapping):
                ["\(indent)\(scalar(key)):"] + elements.map { "\(indent)  - \($0.inline)" }
            default: ["\(indent)\(scalar(key)): \(value.inline)"]
            }
        }
    }

    private var isMapping: Bool {
        if case .mapping = self { true } else { false }
    }

    /// In flow style, on one line.
    private var inline: String {
        switch self {
        case .string(let text): Self.scalar(text)
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .duration(let value):
            "\(value.components.seconds * 1000 + value.components.attoseconds / 1_000_000_000_000_000)ms"
        case .list(let elements): "[\(elements.map(\.inline).joined(separator: ", "))]"
        case .mapping(let entries) where entries.isEmpty: "{}"
        case .mapping(let entries):
            "{ \(entries.map { "\(Self.scalar($0.key)): \($0.value.inline)" }.joined(separator: ", ")) }"
        }
    }

    /// Plain where no YAML reader could take it for anything but this text, else in double quotes (YAML 1.2, 5.7).
    private static func scalar(_ text: String) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        let startsWithLetter = text.utf8.first.map { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
        let reserved = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
        if isWord, startsWithLetter == true, !reserved { return text }

        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _
            where scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
                || scalar == "\u{FEFF}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension YAMLText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: YAMLText...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, YAMLText)...) {
        self = .mapping(elements.map { (key: $0, value: $1) })
    }
}
