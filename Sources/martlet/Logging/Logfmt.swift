import Logging

/// Log lines as `key=value` pairs, one event a line: a person reads them as they are, a machine splits them.
enum Logfmt {
    /// `ts=2026-01-01T00:00:00.000Z level=info node=worker-0 msg="joined the cluster" cluster=local`; metadata in order
    /// of its keys.
    static func line(time: String, level: Logger.Level, node: String, message: String, metadata: Logger.Metadata)
        -> String
    {
        var line = "ts=\(time) level=\(level.rawValue) node=\(value(node)) msg=\(value(message))"
        for (key, item) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(Self.key(key))=\(value(item.description))"
        }
        return line
    }

    /// Whether a line carries this pair, and not as part of some quoted text.
    static func line(_ line: String, has key: String, of text: String) -> Bool {
        let pair = "\(Self.key(key))=\(value(text))"
        return line.contains(pair) && pairs(in: line).contains(pair)
    }

    /// The line cut at its spaces, but for those between quotes.
    private static func pairs(in line: String) -> [String] {
        var pairs = [""]
        var quoted = false
        var escaped = false
        for character in line {
            if character == " ", !quoted {
                pairs.append("")
                continue
            }
            if character == "\"", !escaped { quoted.toggle() }
            escaped = quoted && character == "\\" && !escaped
            pairs[pairs.count - 1].append(character)
        }
        return pairs
    }

    /// As it is where that is clear, else quoted, with quotes, backslashes and control characters escaped: whatever a
    /// peer made us log, it stays on its line.
    private static func value(_ text: String) -> String {
        let plain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" && $0 != "\u{7F}" }
        if plain { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20 || scalar == "\u{7F}": quoted += "\\x\(hexadecimal(scalar.value))"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func key(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }
}
