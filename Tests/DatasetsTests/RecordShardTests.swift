@testable import Datasets
import Testing

@Suite struct RecordShardTests {
    private let preprocessing = Preprocessing(
        features: [], target: .init(name: "y", column: 0, kind: .number), fileColumns: 1, offsets: [], scales: [],
        form: .tensor(TensorEncoding(shape: [3], groupLength: 1, offsets: [1, 2, 3], scales: [1, 2, 4])), targetCount: 2
    )

    private func shard(_ element: RecordShard.Element) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try RecordShard(element: element, rows: 5, featureCount: 3, targetCount: 2).write {
            bytes.append(contentsOf: $0)
        } features: { row, features in
            for index in 0..<3 { features[index] = Float(row * 3 + index) }
        } targets: { row, targets in
            for index in 0..<2 { targets[index] = -Float(row) - Float(index) / 4 }
        }
        return bytes
    }

    @Test(arguments: [RecordShard.Element.uint8, .float32])
    func rowsComeBack(element: RecordShard.Element) throws {
        let bytes = try shard(element)
        let reader = ShardReader(preprocessing: preprocessing)
        let samples = try bytes.withUnsafeBytes { try reader.samples(of: $0) }
        #expect(samples.rows == 5 && samples.featureCount == 3 && samples.targetCount == 2)
        #expect(samples.features[3...5] == [2, 1, 0.5])
        let targets: [Float] = [0, -0.25, -1, -1.25, -2, -2.25, -3, -3.25, -4, -4.25]
        #expect(samples.targets == targets)
        #expect(try bytes.withUnsafeBytes { try reader.rawRows(of: $0, limit: 2) }.numbers == [0, 1, 2, 3, 4, 5])
    }

    /// Written down so that a change of the format cannot go unnoticed: shards are named by their bytes.
    @Test func theFormatNeverChanges() throws {
        let bytes = try shard(.uint8)
        #expect(bytes.count == 40 + 16 + 40)
        #expect(Array(bytes[0..<16]) == [0x93, 0x4D, 0x41, 0x52, 0x54, 0x4C, 0x45, 0x54, 1, 0, 0, 0, 1, 0, 0, 0])
        #expect(Array(bytes[40..<56]) == Array(0..<15) + [0])
    }

    @Test(arguments: [RecordShard.Element.uint8, .float32])
    func damagedShardsNeverDoMoreThanThrow(element: RecordShard.Element) throws {
        let reader = ShardReader(preprocessing: preprocessing)
        try fuzz(shard(element), rounds: 20_000) { bytes in
            do { _ = try bytes.withUnsafeBytes { try reader.samples(of: $0) } } catch is ShardError {}
        }
    }
}
