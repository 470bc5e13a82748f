@testable import Datasets
import Digests
import Foundation
import Testing

/// Shards are written piece by piece, and not at all where there is no room for them.
@Suite struct ShardStreamTests {
    /// Says what it has room for, and remembers how large the pieces were.
    private final class CountingStore: ShardStore {
        let bytes: Int?
        var largestPiece = 0
        var shards: [[UInt8]] = []

        init(room bytes: Int? = nil) { self.bytes = bytes }

        func room() -> ShardRoom? { bytes.map { ShardRoom(bytes: $0, place: "the disk") } }

        func keep(_ write: (ShardSink) throws -> Void) throws -> ContentDigest {
            var shard: [UInt8] = []
            try write { piece in
                largestPiece = max(largestPiece, piece.count)
                shard.append(contentsOf: piece)
            }
            shards.append(shard)
            return ContentDigest(of: shard)
        }
    }

    private func planner(_ specification: DataSpecification, classes: Int = 256, input: [Int]) -> DatasetPlanner {
        DatasetPlanner(
            file: URL(filePath: specification.path), specification: specification, target: .classes(classes),
            input: input,
            slices: 2, batchSize: 4, seed: 3)
    }

    private func text(_ file: ScratchFile, positions: Int, stride: Int) -> DataSpecification {
        DataSpecification(
            path: file.path, format: .text, targets: [], split: .init(train: 0.9, test: 0.1),
            text: TextForm(use: .continueText, positions: positions, tokenizer: .bytes, stride: stride))
    }

    @Test func overlappingWindowsOfATextComeInPieces() throws {
        let file = try ScratchFile(String(repeating: "all work and no play ", count: 1000), name: "text.txt")
        let store = CountingStore()
        let plan = try planner(text(file, positions: 64, stride: 1), input: [64]).plan(into: store)
        // 500 bytes and more for each byte of text.
        #expect(plan.training[0].bytes > 4 << 20)
        #expect(store.shards.map(\.count) == (plan.training + plan.test).map(\.bytes))
        #expect(store.largestPiece <= InputFile.pieceBytes)
        let reader = ShardReader(preprocessing: plan.preprocessing)
        let samples = try store.shards[3].withUnsafeBytes { try reader.samples(of: $0) }
        // Windows follow each other, and so do inputs and targets.
        #expect(samples.features[1..<64] == samples.targets[0..<63])
        #expect(samples.features[64..<127] == samples.features[1..<64])
    }

    @Test func samplesThatDoNotFitTheDiskAreRefusedWithFigures() throws {
        let file = try ScratchFile(String(repeating: "all work and no play ", count: 1000), name: "text.txt")
        let store = CountingStore(room: 5_000_000)
        let found = try problems {
            _ = try planner(text(file, positions: 64, stride: 1), input: [64]).plan(into: store)
        }
        #expect(
            found == [
                "the 20872 samples take 10.7 MB, the disk has room for 5 MB: make room there, or set data.text.stride, "
                    + "which is 1, to up to 64"
            ])
        #expect(store.shards.isEmpty)
        // Without overlaps there is room.
        _ = try planner(text(file, positions: 64, stride: 64), input: [64]).plan(into: store)
        #expect(store.shards.count == 4)
    }

    @Test func rowsThatDoNotFitTheDiskAreRefused() throws {
        let file = try ScratchFile("x,y\n" + (0..<100).map { "\($0),\($0 % 2)\n" }.joined())
        let job = DataSpecification(path: file.path, target: "y", split: .init(train: 0.9, test: 0.1))
        let found = try problems {
            _ = try planner(job, classes: 2, input: [1]).plan(into: CountingStore(room: 100))
        }
        #expect(
            found == [
                "the 100 samples take 490 bytes, the disk has room for 100 bytes: make room there, or take fewer rows"
            ])
        let store = CountingStore(room: 490)
        let plan = try planner(job, classes: 2, input: [1]).plan(into: store)
        #expect(store.shards.map(\.count) == (plan.training + plan.test).map(\.bytes))
    }

    /// What is told to be too small is not the file that was read.
    @Test func aStoreWithoutRoomIsNamed() throws {
        struct FullStore: ShardStore {
            func room() -> ShardRoom? { ShardRoom(bytes: 0, place: "the disk of /store", path: "/store") }
            func keep(_ write: (ShardSink) throws -> Void) throws -> ContentDigest { ContentDigest(of: [UInt8]()) }
        }
        let file = try ScratchFile("x,y\n" + (0..<100).map { "\($0),\($0 % 2)\n" }.joined())
        let job = DataSpecification(path: file.path, target: "y", split: .init(train: 0.9, test: 0.1))
        let planner = planner(job, classes: 2, input: [1])
        let report = #expect(throws: DatasetReport.self) { try planner.plan(into: FullStore()) }
        #expect(report?.file == "/store")
        #expect(report?.description.contains(file.path) == false)
    }

    @Test(arguments: [1, 2, 3, 5, 8]) func windowsAreThoseOfALoop(step: Int) {
        for count in 0...12 {
            for length in 1...6 {
                let run = WindowRun(firstSample: 7, items: 20..<20 + count, length: length, stride: step)
                let expected = stride(from: 20, through: 20 + count - length, by: step)
                #expect(run.samples.map { run.start(of: $0) } == Array(expected))
                #expect(run.samples.lowerBound == 7)
            }
        }
    }

    @Test func sizesThatAreNoneAreNamed() throws {
        let file = try ScratchFile("abc abc abc", name: "text.txt")
        let found = try problems {
            _ = try planner(text(file, positions: 0, stride: 0), input: [1]).plan(into: CountingStore())
        }
        #expect(
            found == [
                "data.text.positions is 0, expected 1 to 268435456", "data.text.stride is 0, expected 1 to 268435456",
            ])
    }

    @Test func aTemporaryFileHasNoNameAndGoesWithItsOwner() throws {
        let spool = try TemporaryFile()
        try [UInt8](repeating: 7, count: 3_000_000).withUnsafeBytes { try spool.append($0) }
        try spool.flush()
        #expect(try InputFile(spool.url).bytes(at: 2_999_999, count: 9) == [7])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: spool.url.path).hasSuffix(" (deleted)"))
        let error = #expect(throws: DataFileError.self) { try spool.expect(1 << 60) }
        #expect(error?.description.contains("TMPDIR") == true)
    }

    @Test(arguments: [
        (0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (41_943_040_000, "41.9 GB"), (999_600, "1 MB"),
    ])
    func bytesAreShownInShort(count: Int, text: String) {
        #expect(count.asBytes == text)
    }
}
