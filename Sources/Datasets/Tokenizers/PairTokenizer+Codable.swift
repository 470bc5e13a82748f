/// Compact: tokens in the printable alphabet of GPT-2, merges as pairs of ids in one list.
extension PairTokenizer: Codable {
    private enum CodingKeys: String, CodingKey { case tokens, merges, specials, unknown, options }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let texts = try container.decode([String].self, forKey: .tokens)
        let flat = try container.decode([Int32].self, forKey: .merges)
        let tokens = texts.compactMap(ByteAlphabet.bytes(of:))
        guard tokens.count == texts.count, flat.count.isMultiple(of: 2) else {
            throw DecodingError.dataCorruptedError(
                forKey: .tokens, in: container, debugDescription: "a token or merge of a tokenizer is malformed")
        }
        let merges = stride(from: 0, to: flat.count, by: 2).map { Merge(left: flat[$0], right: flat[$0 + 1]) }
        do {
            try self.init(
                tokens: tokens, merges: merges, specials: container.decode([Int32].self, forKey: .specials),
                unknown: container.decodeIfPresent(Int32.self, forKey: .unknown),
                options: container.decode(Options.self, forKey: .options))
        } catch let error as TokenizerError {
            throw DecodingError.dataCorruptedError(
                forKey: .merges, in: container, debugDescription: error.description)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(tokens.map(ByteAlphabet.text(of:)), forKey: .tokens)
        try container.encode(merges.flatMap { [$0.left, $0.right] }, forKey: .merges)
        try container.encode(specials, forKey: .specials)
        try container.encodeIfPresent(unknown, forKey: .unknown)
        try container.encode(options, forKey: .options)
    }
}
