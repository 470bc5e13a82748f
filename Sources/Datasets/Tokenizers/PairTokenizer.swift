/// Byte-level byte-pair encoding (Sennrich et al., 2016; Radford et al., 2019): a word starts as its bytes, and the pair
/// of neighbours that was learned first is merged until no learned pair is left.
public struct PairTokenizer: Sendable, Equatable {
    public struct Merge: Sendable, Equatable {
        public var left: Int32
        public var right: Int32
    }

    /// The bytes of each id; empty for an id that stands for nothing.
    public let tokens: [[UInt8]]
    /// In the order in which they were learned.
    public let merges: [Merge]
    /// Ids whose text is taken out of a text as a whole, before it is cut into words.
    public let specials: [Int32]
    /// Stands for a byte that no token holds; nil: such a byte is passed over.
    public let unknown: Int32?
    public let options: Options
    private let tables: Tables

    /// How a Hugging Face tokenizer was set up.
    public struct Options: Codable, Sendable, Equatable {
        /// A text that does not start with a space gets one.
        public var addsPrefixSpace = false
        /// Cuts the text into words; otherwise it is one.
        public var splitsWords = true
        /// A word that is a token is that token, whatever merges would make of it.
        public var prefersWholeWords = false

        public init() {}
    }

    /// Throws `TokenizerError` unless the parts fit each other.
    public init(
        tokens: [[UInt8]], merges: [Merge], specials: [Int32] = [], unknown: Int32? = nil, options: Options = Options()
    ) throws(TokenizerError) {
        self.tokens = tokens
        self.merges = merges
        self.specials = specials
        self.unknown = unknown
        self.options = options
        tables = try Tables(tokens: tokens, merges: merges, specials: specials, unknown: unknown)
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.tokens == b.tokens && a.merges == b.merges && a.specials == b.specials && a.unknown == b.unknown
            && a.options == b.options
    }
}

/// A tokenizer that cannot be: a file of another kind, or parts that do not fit.
public struct TokenizerError: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

extension PairTokenizer {
    /// What encoding looks up.
    final class Tables: Sendable {
        /// Id of each byte, -1 where there is none.
        let bytes: [Int32]
        /// Rank and result by pair.
        let merges: [UInt64: (rank: Int32, result: Int32)]
        let words: [[UInt8]: Int32]
        /// Texts of the special tokens, the longest first.
        let specials: [(text: [UInt8], id: Int32)]

        init(
            tokens: [[UInt8]], merges: [Merge], specials: [Int32], unknown: Int32?
        ) throws(TokenizerError) {
            guard tokens.count <= maximumTokens else {
                throw TokenizerError("\(tokens.count) tokens are more than the \(maximumTokens) that are allowed")
            }
            let known = Set(specials)
            for id in known.union(unknown.map { [$0] } ?? []) where !tokens.indices.contains(Int(id)) {
                throw TokenizerError("the special token \(id) is not among the \(tokens.count) tokens")
            }
            var words: [[UInt8]: Int32] = [:]
            var bytes = [Int32](repeating: -1, count: 256)
            for (id, token) in tokens.enumerated() where !token.isEmpty && !known.contains(Int32(id)) {
                words[token] = Int32(id)
                if token.count == 1 { bytes[Int(token[0])] = Int32(id) }
            }
            var table: [UInt64: (rank: Int32, result: Int32)] = [:]
            table.reserveCapacity(merges.count)
            for (rank, merge) in merges.enumerated() {
                guard tokens.indices.contains(Int(merge.left)), tokens.indices.contains(Int(merge.right)),
                    let result = words[tokens[Int(merge.left)] + tokens[Int(merge.right)]]
                else { throw TokenizerError("merge \(rank) joins tokens that are not there, or makes none") }
                let key = Self.key(merge.left, merge.right)
                if table[key] == nil { table[key] = (Int32(rank), result) }
            }
            self.bytes = bytes
            self.merges = table
            self.words = words
            self.specials = known.map { (text: tokens[Int($0)], id: $0) }.filter { !$0.text.isEmpty }.sorted {
                ($1.text.count, $0.id) < ($0.text.count, $1.id)
            }
        }

        static func key(_ left: Int32, _ right: Int32) -> UInt64 {
            UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        }
    }

    /// More than any published vocabulary; ids stay exact as 32-bit floats.
    static let maximumTokens = 1 << 20

    var lookup: Tables { tables }
}
