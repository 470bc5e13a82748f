@testable import Datasets
import Foundation
import Testing

@Suite struct PairTokenizerTests {
    private struct Cases: Decodable {
        var training: String
        var cases: [String]
        var there: [[Int]]
        var here: [[Int]]?
    }

    private let cases: Cases

    init() throws {
        cases = try JSONDecoder().decode(Cases.self, from: Data(contentsOf: Fixtures.url("tokenizers/ids.json")))
    }

    private func trained() -> PairTokenizer {
        var training = PairTraining()
        var text = cases.training
        text.withUTF8 { training.add(UnsafeRawBufferPointer($0)) }
        return training.tokenizer(vocabulary: 600)
    }

    /// A file that Hugging Face's library wrote gives the ids that it gives there.
    @Test func readsWhatHuggingFaceTrained() throws {
        let tokenizer = Tokenizer.pairs(
            try PairTokenizer(huggingFace: Data(contentsOf: Fixtures.url("tokenizers/trained-there.json"))))
        for (text, ids) in zip(cases.cases, cases.there) {
            #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
            #expect(tokenizer.decode(ids) == text)
        }
    }

    /// The file that training writes is the one whose ids Hugging Face's library was asked for.
    @Test func huggingFaceReadsWhatWasTrained() throws {
        let tokenizer = trained()
        #expect(tokenizer.tokens.count == 600)
        #expect(try tokenizer.huggingFace() == Data(contentsOf: Fixtures.url("tokenizers/trained-here.json")))
        for (text, ids) in zip(cases.cases, try #require(cases.here)) {
            #expect(Tokenizer.pairs(tokenizer).encode(text) == ids, "\(text.debugDescription)")
        }
    }

    @Test func survivesItsFileAndJSON() throws {
        let tokenizer = trained()
        #expect(try PairTokenizer(huggingFace: tokenizer.huggingFace()) == tokenizer)
        let json = try JSONEncoder().encode(Tokenizer.pairs(tokenizer))
        #expect(try JSONDecoder().decode(Tokenizer.self, from: json) == .pairs(tokenizer))
    }

    /// The first pair is the most frequent one, of equally frequent ones that of the smaller ids.
    @Test func theMostFrequentPairComesFirst() {
        var training = PairTraining()
        var text = "ab ab ab cd cd cd xy"
        text.withUTF8 { training.add(UnsafeRawBufferPointer($0)) }
        let tokenizer = training.tokenizer(vocabulary: 258)
        #expect(tokenizer.tokens[256...] == [Array(" c".utf8), Array("ab".utf8)])
    }

    @Test func whatIsNoUTF8SurvivesToo() {
        let tokenizer = trained()
        let bytes: [UInt8] = [0xFF, 0x61, 0xC3, 0x20, 0xE2, 0x82, 0x61, 0xF0, 0x9F, 0x99]
        var ids: [Int32] = []
        var cache = TokenCache()
        bytes.withUnsafeBytes { tokenizer.encode($0, into: &ids, cache: &cache) }
        #expect(ids.flatMap { tokenizer.tokens[Int($0)] } == bytes)
    }

    /// n log n, not n squared: this would take minutes otherwise.
    @Test func aTextWithoutSpacesIsNoTrap() {
        let tokenizer = trained()
        let ids = Tokenizer.pairs(tokenizer).encode(String(repeating: "the", count: 200_000))
        #expect(Tokenizer.pairs(tokenizer).decode(ids).utf8.count == 600_000)
    }

    @Test(arguments: [
        ("{", "it is not JSON"), ("[]", "the file is not an object"), ("{}", "model is not an object"),
        (#"{"model":{"type":"WordPiece"}}"#, "model.type is WordPiece, not BPE"),
        (#"{"normalizer":{"type":"NFC"},"model":{}}"#, "it has a normalizer, expected none"),
        (#"{"model":{"byte_fallback":true}}"#, "model.byte_fallback is set, expected false"),
        (
            #"{"model":{"vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"Whitespace"}}"#,
            "pre_tokenizer is Whitespace, expected ByteLevel"
        ),
        (#"{"model":{"vocab":{"日":0},"merges":[]}}"#, "the token '日' is not written in GPT-2's alphabet of bytes"),
        (#"{"model":{"vocab":{"a":99999999},"merges":[]}}"#, "'a' has no id in vocab"),
        (#"{"model":{"vocab":{"a":0,"b":0},"merges":[]}}"#, "two tokens have the id 0"),
        (
            #"{"model":{"vocab":{"a":0,"b":1},"merges":["a b"]},"pre_tokenizer":{"type":"ByteLevel"}}"#,
            "merge 0 joins tokens that are not there, or makes none"
        ),
    ])
    func otherFilesAreRefused(json: String, message: String) {
        let error = #expect(throws: TokenizerError.self) { try PairTokenizer(huggingFace: Data(json.utf8)) }
        #expect(error?.description == message)
    }

    @Test func damagedFilesNeverDoMoreThanThrow() throws {
        var tokens = (0...255 as ClosedRange<UInt8>).map { [$0] }
        tokens += [Array("ab".utf8), Array("abc".utf8), Array("<s>".utf8)]
        let merges = [PairTokenizer.Merge(left: 97, right: 98), PairTokenizer.Merge(left: 256, right: 99)]
        let small = try PairTokenizer(tokens: tokens, merges: merges, specials: [258]).huggingFace()
        fuzz([UInt8](small), rounds: 10_000) { bytes in
            guard let tokenizer = try? PairTokenizer(huggingFace: Data(bytes)) else { return }
            _ = Tokenizer.pairs(tokenizer).encode("abc <s> xyz")
        }
    }
}
