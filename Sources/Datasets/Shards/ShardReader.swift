public import Foundation
import Explanations

/// Turns shards, which are raw CSV rows of a table or records of numbers, into samples.
public struct ShardReader: Sendable {
    public let preprocessing: Preprocessing

    public init(preprocessing: Preprocessing) {
        self.preprocessing = preprocessing
    }

    /// The samples of a shard file, in its order. Throws `ShardError` or what the file system says.
    public func samples(ofFile url: URL) throws -> Samples {
        try Data(contentsOf: url).withUnsafeBytes { try samples(of: $0) }
    }

    /// The samples of a shard, in its order. Throws `ShardError`.
    public func samples(of shard: UnsafeRawBufferPointer) throws -> Samples {
        let raw = try rawRows(of: shard)
        let targetCount = preprocessing.targetCount
        let rows = raw.targets.count / targetCount
        let width = preprocessing.featureCount
        let features = [Float](unsafeUninitializedCapacity: rows * width) { inputs, count in
            raw.numbers.withUnsafeBufferPointer { numbers in
                if let numbers = numbers.baseAddress, let inputs = inputs.baseAddress {
                    preprocessing.encode(numbers: numbers, rows: rows, into: inputs)
                }
            }
            count = rows * width
        }
        return Samples(
            rows: rows, featureCount: width, features: features, targetCount: targetCount, targets: raw.targets)
    }

    /// The first rows of a shard before preprocessing, as `Preprocessing.encode(numbers:rows:into:)` takes them:
    /// rows x `rawColumns` numbers. Throws `ShardError`.
    public func rawRows(of shard: UnsafeRawBufferPointer, limit: Int = .max) throws -> (
        numbers: [Float], targets: [Float]
    ) {
        // No row begins like a shard of records: it would not be UTF-8.
        preprocessing.canBeStoredAsTable && !shard.starts(with: RecordShard.magic)
            ? try tableRows(of: shard, limit: limit) : try records(of: shard, limit: limit)
    }

    private func records(of shard: UnsafeRawBufferPointer, limit: Int) throws -> (numbers: [Float], targets: [Float]) {
        let records = try RecordShard(shard)
        guard records.featureCount == preprocessing.rawColumns, records.targetCount == preprocessing.targetCount else {
            throw ShardError(
                row: 0,
                reason:
                    "expected \(counted(preprocessing.rawColumns, "feature")) and \(counted(preprocessing.targetCount, "target")) a row, "
                    + "found \(records.featureCount) and \(records.targetCount)")
        }
        return try records.read(shard, limit: limit)
    }

    private func tableRows(of shard: UnsafeRawBufferPointer, limit: Int) throws -> (
        numbers: [Float], targets: [Float]
    ) {
        let targetCount = preprocessing.targetCount
        let readers = preprocessing.targets.map { (target: $0, index: $0.classIndex) }
        var parser = CSVParser()
        var scratch: [UInt8] = []
        var numbers: [Float] = []
        var targets: [Float] = []
        var position = 0
        while targets.count / targetCount < limit,
            case .record(_, let next) = parser.parse(shard, from: position, atEnd: true)
        {
            let row = targets.count / targetCount + 1
            position = next
            if let defect = parser.defect { throw ShardError(row: row, reason: defect.rawValue) }
            guard parser.cells.count == preprocessing.fileColumns else {
                throw ShardError(
                    row: row,
                    reason: "expected \(counted(preprocessing.fileColumns, "cell")), found \(parser.cells.count)")
            }
            do {
                for (place, feature) in preprocessing.features.enumerated() {
                    let number = try parser.cells[feature.column].withBytes(of: shard, scratch: &scratch) {
                        try preprocessing.number(of: $0, feature: place)
                    }
                    numbers.append(number)
                }
                for reader in readers {
                    let number = try parser.cells[reader.target.column].withBytes(of: shard, scratch: &scratch) {
                        try reader.target.number(of: $0, by: reader.index)
                    }
                    targets.append(number)
                }
            } catch let error as CellError {
                throw ShardError(row: row, reason: error.description)
            }
        }
        return (numbers, targets)
    }
}

/// A shard that does not hold what its plan says: it belongs to another plan, or was damaged.
public struct ShardError: Error, Equatable, CustomStringConvertible {
    /// From 1; 0 for the shard as a whole.
    public var row: Int
    public var reason: String

    public var description: String {
        "\(row > 0 ? "row \(row) of a" : "a") shard does not fit its data plan: \(reason)"
    }
}
