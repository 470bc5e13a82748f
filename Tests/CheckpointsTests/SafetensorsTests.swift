import Checkpoints
import Foundation
import Testing

@Suite struct SafetensorsTests {
    private let layout = try! SafetensorsLayout(
        tensors: [("layers.0.weight", .float32, [2, 3]), ("empty", .float32, [0, 4]), ("step", .int64, [])],
        metadata: ["seed": "7", "a \"b\"\n\\ ü": "\u{1}"])

    private func byte(_ tensor: Int, _ offset: Int) -> UInt8 { UInt8(tensor * 100 + offset) }

    private func bytes(of range: Range<Int>) -> [UInt8] {
        layout.bytes(of: range) { tensor, part, target in
            for (place, offset) in part.enumerated() { target[place] = byte(tensor, offset) }
        }
    }

    @Test func writtenFilesAreReadBack() throws {
        #expect(layout.header.count % 8 == 0)
        let parsed = try SafetensorsLayout(parsing: layout.header, fileBytes: layout.byteCount)
        #expect(parsed == layout)
        #expect(layout.byteCount == layout.header.count + 24 + 8)
        #expect(layout.tensor(named: "step")?.bytes.count == 8)
        #expect(layout.tensor(named: "other") == nil)
    }

    /// Whatever the number of ranks, their ranges put together are the same file.
    @Test(arguments: [1, 2, 3, 4, 7, 500])
    func ranksTogetherMakeTheFile(ranks: Int) {
        let whole = bytes(of: 0..<layout.byteCount)
        let ranges = (0..<ranks).map { layout.range(ofRank: $0, of: ranks) }
        #expect(ranges.flatMap { bytes(of: $0) } == whole)
        #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == layout.byteCount)
        #expect(Array(whole.suffix(32)) == (0..<24).map { byte(0, $0) } + (0..<8).map { byte(2, $0) })
    }

    @Test func impossibleLayoutsAreRefused() {
        #expect(throws: SafetensorsError.duplicateName("a")) {
            try SafetensorsLayout(tensors: [("a", .uint8, [1]), ("a", .uint8, [1])])
        }
        #expect(throws: SafetensorsError.duplicateName("__metadata__")) {
            try SafetensorsLayout(tensors: [("__metadata__", .uint8, [1])])
        }
        #expect(throws: SafetensorsError.badShape("a", [-1])) { try SafetensorsLayout(tensors: [("a", .uint8, [-1])]) }
        #expect(throws: SafetensorsError.badShape("a", [Int.max, 2])) {
            try SafetensorsLayout(tensors: [("a", .float32, [Int.max, 2])])
        }
        #expect(throws: SafetensorsError.self) {
            try SafetensorsLayout(tensors: [("a", .uint8, [Int.max]), ("b", .uint8, [1])])
        }
    }

    /// Written by `safetensors.numpy.save_file` of the official Python package, version 0.8.0; `Fixtures/README.md` has
    /// the script.
    @Test func aFileOfTheOfficialPackage() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/official", withExtension: "safetensors"))
        let file = try SafetensorsFile(contentsOf: url)
        #expect(file.layout.metadata == ["format": "pt", "note": "a \"quoted\" ü"])
        #expect(file.layout.tensors.map(\.name) == ["step", "empty", "layers.0.bias", "layers.0.weight", "name \"ü\""])
        var weight = [Float](repeating: .nan, count: 6)
        try weight.withUnsafeMutableBytes { try file.read("layers.0.weight", into: $0) }
        #expect(weight == [0, 1, 2, 3, 4, 5])
        var bias = [Float](repeating: .nan, count: 2)
        try bias.withUnsafeMutableBytes { try file.read("layers.0.bias", into: $0) }
        #expect(bias == [0.5, -1.25])
        #expect(throws: SafetensorsError.noSuchTensor("other")) {
            try bias.withUnsafeMutableBytes { try file.read("other", into: $0) }
        }
        #expect(throws: SafetensorsError.wrongSize(tensor: "step", expected: 4, found: 8)) {
            var narrow: Float = 0
            try withUnsafeMutableBytes(of: &narrow) { try file.read("step", into: $0) }
        }
    }

    /// The same tensors and metadata, laid out here: byte for byte what the official package wrote.
    @Test func theHeaderIsThatOfTheOfficialPackage() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/official", withExtension: "safetensors"))
        let written = try Array(Data(contentsOf: url))
        let ours = try SafetensorsLayout(
            tensors: [
                ("step", .int64, []), ("empty", .float32, [0, 4]), ("layers.0.bias", .float32, [2]),
                ("layers.0.weight", .float32, [2, 3]), ("name \"ü\"", .uint8, [3]),
            ], metadata: ["format": "pt", "note": "a \"quoted\" ü"])
        // The official package writes the metadata in the order of a hash table.
        #expect(ours.header.count == written.count - 43)
        #expect(ours.header.sorted() == written[..<ours.header.count].sorted())
        #expect(try SafetensorsFile(contentsOf: url).layout.tensors == ours.tensors)
    }
}
