/// Numbers as people write them and no reader of data takes them: `1,000`, `12 %`, `$5`, `0x1A`.
enum WrittenNumber {
    private static let maximumBytes = 40
    private static let decorations: [[UInt8]] = ["$", "%", ",", "'", "_", " ", "€", "£", "¥", "\u{A0}", "\u{202F}"]
        .map { Array($0.utf8) }

    /// Whether a text is a number but for separators, a currency or a percent sign, or is one in hexadecimal.
    static func isMeant(by cell: UnsafeRawBufferPointer) -> Bool {
        guard cell.count <= maximumBytes, cell.contains(where: { (48...57).contains($0) }) else { return false }
        var rest: [UInt8] = []
        var index = 0
        while index < cell.count {
            let tail = cell[index...]
            if let decoration = decorations.first(where: { tail.starts(with: $0) }) {
                index += decoration.count
            } else {
                rest.append(cell[index])
                index += 1
            }
        }
        if rest.starts(with: "0x".utf8) || rest.starts(with: "0X".utf8) {
            return rest.count > 2 && rest.dropFirst(2).allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        }
        return rest.withUnsafeBytes { Double(decimal: $0) } != nil
    }

    /// The same of a text that is trimmed.
    static func isMeant(by text: String) -> Bool {
        var text = text
        return text.withUTF8 { isMeant(by: UnsafeRawBufferPointer($0)) }
    }
}
