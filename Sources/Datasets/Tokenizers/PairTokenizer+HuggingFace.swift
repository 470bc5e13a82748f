public import Foundation

/// Hugging Face's `tokenizer.json`, of the kind that GPT-2 has: BPE over bytes.
extension PairTokenizer {
    /// Larger than any published one.
    static let maximumFileBytes = 64 << 20

    /// Reads a `tokenizer.json`. Throws `TokenizerError` where it asks for something that this kind does not do, rather
    /// than giving other ids than the original.
    public init(huggingFace json: Data) throws(TokenizerError) {
        guard json.count <= Self.maximumFileBytes else {
            throw TokenizerError("\(json.count) bytes are too many for a tokenizer.json")
        }
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: json)
        } catch {
            throw TokenizerError("it is not JSON")
        }
        let file = try Object(value, "the file")
        let model = try Object(file.fields["model"] ?? NSNull(), "model")
        try Self.refuse(file, model)
        let vocabulary = try model.object("vocab")
        let (tokens, specials) = try Self.tokens(vocabulary, added: file.objects("added_tokens"))
        let merges = try Self.merges(model, vocabulary)
        var options = Options()
        (options.addsPrefixSpace, options.splitsWords) = try Self.words(file)
        options.prefersWholeWords = try model.flag("ignore_merges", default: false)
        var unknown: Int32?
        if let text = try model.text("unk_token") { unknown = try vocabulary.id(text) }
        try self.init(tokens: tokens, merges: merges, specials: specials, unknown: unknown, options: options)
    }

    /// What would change the ids and is not done here.
    private static func refuse(_ file: Object, _ model: Object) throws(TokenizerError) {
        if let kind = try model.text("type"), kind != "BPE" { throw TokenizerError("model.type is \(kind), not BPE") }
        for key in ["normalizer", "truncation", "padding"] where !file.isNothing(key) {
            throw TokenizerError("it has a \(key), expected none")
        }
        for key in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] where !model.isNothing(key) {
            if model.fields[key] as? String != "" || key == "dropout" {
                throw TokenizerError("model.\(key) is set, expected none")
            }
        }
        for key in ["byte_fallback", "fuse_unk"] where try model.flag(key, default: false) {
            throw TokenizerError("model.\(key) is set, expected false")
        }
        if !file.isNothing("post_processor") {
            let kind = try file.object("post_processor").text("type") ?? ""
            guard kind == "ByteLevel" else {
                throw TokenizerError("post_processor is \(kind), expected ByteLevel or none")
            }
        }
    }

    private static func words(_ file: Object) throws(TokenizerError) -> (addsPrefixSpace: Bool, splitsWords: Bool) {
        let splitter = try file.object("pre_tokenizer")
        let kind = try splitter.text("type") ?? ""
        guard kind == "ByteLevel" else { throw TokenizerError("pre_tokenizer is \(kind), expected ByteLevel") }
        return (try splitter.flag("add_prefix_space", default: true), try splitter.flag("use_regex", default: true))
    }

    private static func tokens(
        _ vocabulary: Object, added: [Object]
    ) throws(TokenizerError) -> ([[UInt8]], [Int32]) {
        var texts: [(id: Int32, bytes: [UInt8])] = []
        var specials: [Int32] = []
        for token in added {
            guard let content = try token.text("content"), !content.isEmpty else {
                throw TokenizerError("an added token has no content")
            }
            for key in ["single_word", "lstrip", "rstrip"] where try token.flag(key, default: false) {
                throw TokenizerError("the added token '\(content.prefix(40))' has \(key), expected none")
            }
            let id = try token.id("id")
            specials.append(id)
            texts.append((id, Array(content.utf8)))
        }
        let known = Set(specials)
        for text in vocabulary.fields.keys {
            let id = try vocabulary.id(text)
            if known.contains(id) { continue }
            guard let bytes = ByteAlphabet.bytes(of: text), !bytes.isEmpty else {
                throw TokenizerError("the token '\(text.prefix(40))' is not written in GPT-2's alphabet of bytes")
            }
            texts.append((id, bytes))
        }
        let count = (texts.map(\.id).max() ?? -1) + 1
        guard count <= maximumTokens else { throw TokenizerError("the id \(count - 1) is too large") }
        var tokens = [[UInt8]](repeating: [], count: Int(count))
        for (id, bytes) in texts {
            guard tokens[Int(id)].isEmpty else { throw TokenizerError("two tokens have the id \(id)") }
            tokens[Int(id)] = bytes
        }
        return (tokens, specials.sorted())
    }

    /// `"a b"` as files had it at first, or `["a", "b"]`.
    private static func merges(_ model: Object, _ vocabulary: Object) throws(TokenizerError) -> [Merge] {
        guard let list = model.fields["merges"] as? [Any] else { throw TokenizerError("model.merges is not a list") }
        var merges: [Merge] = []
        merges.reserveCapacity(list.count)
        for (rank, entry) in list.enumerated() {
            let parts = (entry as? String)?.split(separator: " ").map(String.init) ?? entry as? [String] ?? []
            guard parts.count == 2 else { throw TokenizerError("merge \(rank) is not a pair of tokens") }
            merges.append(Merge(left: try vocabulary.id(parts[0]), right: try vocabulary.id(parts[1])))
        }
        return merges
    }

    /// A JSON object whose fields are read by type.
    private struct Object {
        let fields: [String: Any]
        let name: String

        init(_ value: Any, _ name: String) throws(TokenizerError) {
            guard let fields = value as? [String: Any] else { throw TokenizerError("\(name) is not an object") }
            self.fields = fields
            self.name = name
        }

        func isNothing(_ key: String) -> Bool { fields[key] == nil || fields[key] is NSNull }

        func object(_ key: String) throws(TokenizerError) -> Object { try Object(fields[key] ?? NSNull(), key) }

        func objects(_ key: String) throws(TokenizerError) -> [Object] {
            guard !isNothing(key) else { return [] }
            guard let list = fields[key] as? [Any] else { throw TokenizerError("\(key) is not a list") }
            var objects: [Object] = []
            for entry in list { objects.append(try Object(entry, "an entry of \(key)")) }
            return objects
        }

        func text(_ key: String) throws(TokenizerError) -> String? {
            guard !isNothing(key) else { return nil }
            guard let text = fields[key] as? String else { throw TokenizerError("\(name).\(key) is not text") }
            return text
        }

        func flag(_ key: String, default fallback: Bool) throws(TokenizerError) -> Bool {
            guard !isNothing(key) else { return fallback }
            guard let flag = fields[key] as? Bool else { throw TokenizerError("\(name).\(key) is not true or false") }
            return flag
        }

        func id(_ key: String) throws(TokenizerError) -> Int32 {
            guard let number = fields[key] as? Int, let id = Int32(exactly: number), (0..<1 << 24).contains(id) else {
                throw TokenizerError("'\(key.prefix(40))' has no id in \(name)")
            }
            return id
        }
    }
}
