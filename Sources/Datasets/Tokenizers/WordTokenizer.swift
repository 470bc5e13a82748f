import Foundation

/// Whole words: letters and digits that stand together, or other characters that do. Words that are not in the
/// vocabulary become the unknown token, whose id is 0.
public struct WordTokenizer: Sendable, Equatable {
    public static let unknown = "<unk>"

    /// The words of the ids from 1 on, the most frequent first.
    public let words: [String]
    public let lowercases: Bool
    private let ids: [String: Int32]

    public init(words: [String], lowercases: Bool) {
        self.words = words
        self.lowercases = lowercases
        ids = Dictionary(
            words.enumerated().map { ($1, Int32($0 + 1)) }, uniquingKeysWith: { first, _ in first })
    }

    public static func == (a: Self, b: Self) -> Bool { a.words == b.words && a.lowercases == b.lowercases }

    var count: Int { words.count + 1 }

    func word(_ id: Int) -> String? {
        id == 0 ? Self.unknown : words.indices.contains(id - 1) ? words[id - 1] : nil
    }

    func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
        Self.forEachWord(of: text, lowercased: lowercases) { ids.append(self.ids[$0] ?? 0) }
    }

    static func forEachWord(of text: UnsafeRawBufferPointer, lowercased: Bool, _ body: (String) -> Void) {
        let scanner = TextScanner(text: text)
        var index = 0
        while index < text.count {
            let start = index
            let first = scanner.character(at: index)
            index += first.length
            guard first.class != .space else { continue }
            while index < text.count {
                let next = scanner.character(at: index)
                guard next.class != .space, (next.class == .other) == (first.class == .other) else { break }
                index += next.length
            }
            let word = String(decoding: text[start..<index], as: UTF8.self)
            body(lowercased ? word.lowercased() : word)
        }
    }
}

extension WordTokenizer: Codable {
    private enum CodingKeys: String, CodingKey { case words, lowercases }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            words: try container.decode([String].self, forKey: .words),
            lowercases: try container.decode(Bool.self, forKey: .lowercases))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(words, forKey: .words)
        try container.encode(lowercases, forKey: .lowercases)
    }
}

/// Counts the words of texts.
struct WordTraining {
    let lowercases: Bool
    private var counts: [String: Int] = [:]

    init(lowercases: Bool) {
        self.lowercases = lowercases
    }

    mutating func add(_ text: UnsafeRawBufferPointer) {
        WordTokenizer.forEachWord(of: text, lowercased: lowercases) { word in
            if counts.count < PairTraining.maximumWords || counts[word] != nil { counts[word, default: 0] += 1 }
        }
    }

    /// The most frequent words, of equally frequent ones those that come first by their UTF-8 bytes; `vocabulary`
    /// counts the unknown token.
    func tokenizer(vocabulary: Int) -> WordTokenizer {
        let words = counts.sorted { a, b in
            a.value == b.value ? ClassNames.utf8Order(a.key, b.key) : a.value > b.value
        }
        return WordTokenizer(words: words.prefix(max(vocabulary - 1, 0)).map(\.key), lowercases: lowercases)
    }
}
