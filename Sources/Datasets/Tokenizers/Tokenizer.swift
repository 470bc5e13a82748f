/// Turns text into ids and back. Works on bytes: what is no UTF-8 is taken as it comes.
public enum Tokenizer: Codable, Sendable, Equatable {
    /// The id of each byte is its value.
    case bytes
    case pairs(PairTokenizer)
    case words(WordTokenizer)

    /// Ids are below this.
    public var count: Int {
        switch self {
        case .bytes: 256
        case .pairs(let pairs): pairs.tokens.count
        case .words(let words): words.count
        }
    }

    /// The ids of a text.
    public func encode(_ text: String) -> [Int] {
        var text = text
        var ids: [Int32] = []
        var cache = TokenCache()
        text.withUTF8 { encode(UnsafeRawBufferPointer($0), into: &ids, cache: &cache) }
        return ids.map(Int.init)
    }

    /// The text of some ids. Ids that stand for no token are passed over, and so are bytes that make no character.
    public func decode(_ ids: some Sequence<Int>) -> String {
        switch self {
        case .bytes: String(decoding: ids.compactMap { UInt8(exactly: $0) }, as: UTF8.self)
        case .pairs(let pairs):
            String(decoding: ids.flatMap { pairs.tokens.indices.contains($0) ? pairs.tokens[$0] : [] }, as: UTF8.self)
        case .words(let words): ids.compactMap(words.word).joined(separator: " ")
        }
    }

    /// Appends the ids of a text. `cache` holds what was found for words before, of this tokenizer.
    func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32], cache: inout TokenCache) {
        switch self {
        case .bytes: ids.append(contentsOf: text.lazy.map(Int32.init))
        case .pairs(let pairs): pairs.encode(text, into: &ids, cache: &cache)
        case .words(let words): words.encode(text, into: &ids)
        }
    }
}

/// The ids of words that came up before: text repeats itself.
struct TokenCache {
    /// Beyond this it starts anew, so that its memory is bounded.
    static let maximumWords = 1 << 16

    private var ids: [[UInt8]: [Int32]] = [:]

    subscript(word: [UInt8]) -> [Int32]? {
        get { ids[word] }
        set {
            if ids.count >= Self.maximumWords { ids.removeAll(keepingCapacity: true) }
            ids[word] = newValue
        }
    }
}
