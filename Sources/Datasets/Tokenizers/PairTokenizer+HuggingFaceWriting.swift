public import Foundation

extension PairTokenizer {
    /// A `tokenizer.json` from which Hugging Face's library makes the same ids.
    public func huggingFace() throws -> Data {
        let special = Set(specials)
        var vocabulary: [String: Int] = [:]
        for (id, token) in tokens.enumerated() where !token.isEmpty && !special.contains(Int32(id)) {
            vocabulary[ByteAlphabet.text(of: token)] = id
        }
        let added: [[String: Any]] = specials.map { id in
            [
                "id": Int(id), "content": String(decoding: tokens[Int(id)], as: UTF8.self), "special": true,
                "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
            ]
        }
        func text(_ id: Int32) -> String { ByteAlphabet.text(of: tokens[Int(id)]) }
        let model: [String: Any] = [
            "type": "BPE", "dropout": NSNull(),
            "unk_token": unknown.map { text($0) as Any } ?? NSNull(),
            "continuing_subword_prefix": NSNull(), "end_of_word_suffix": NSNull(), "fuse_unk": false,
            "byte_fallback": false, "ignore_merges": options.prefersWholeWords, "vocab": vocabulary,
            "merges": merges.map { [text($0.left), text($0.right)] },
        ]
        func byteLevel(_ name: String) -> [String: Any] {
            [
                "type": name, "add_prefix_space": options.addsPrefixSpace, "trim_offsets": true,
                "use_regex": options.splitsWords,
            ]
        }
        let file: [String: Any] = [
            "version": "1.0", "truncation": NSNull(), "padding": NSNull(), "normalizer": NSNull(),
            "added_tokens": added, "pre_tokenizer": byteLevel("ByteLevel"), "post_processor": NSNull(),
            "decoder": byteLevel("ByteLevel"), "model": model,
        ]
        return try JSONSerialization.data(withJSONObject: file, options: [.sortedKeys, .withoutEscapingSlashes])
    }
}
