extension ReplicaKey: CodingKeyRepresentable {
    /// Of a dictionary, which is coded by the texts of its keys.
    package var codingKey: any CodingKey { TextKey(description) }

    package init?(codingKey: some CodingKey) {
        let text = codingKey.stringValue
        guard let colon = text.lastIndex(of: ":"), let version = Int(text[text.index(after: colon)...]) else {
            return nil
        }
        self.init(String(text[..<colon]), version)
    }
}

extension AliasKey: CodingKeyRepresentable {
    package var codingKey: any CodingKey { TextKey(description) }

    package init?(codingKey: some CodingKey) {
        let text = codingKey.stringValue
        guard let at = text.lastIndex(of: "@") else { return nil }
        self.init(String(text[..<at]), String(text[text.index(after: at)...]))
    }
}

private struct TextKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
