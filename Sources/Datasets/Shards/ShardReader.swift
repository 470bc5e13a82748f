public import Foundation

/// Turns shards, which are raw CSV rows, into samples.
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
        let rows = raw.targets.count
        let width = preprocessing.featureCount
        let features = [Float](unsafeUninitializedCapacity: rows * width) { inputs, count in
            raw.numbers.withUnsafeBufferPointer { numbers in
                if let numbers = numbers.baseAddress, let inputs = inputs.baseAddress {
                    preprocessing.encode(numbers: numbers, rows: rows, into: inputs)
                }
            }
            count = rows * width
        }
        return Samples(rows: rows, featureCount: width, features: features, targets: raw.targets)
    }

    /// The first rows of a shard before preprocessing, as `Preprocessing.encode(numbers:rows:into:)` takes them:
    /// rows x `rawColumns` numbers. Throws `ShardError`.
    public func rawRows(of shard: UnsafeRawBufferPointer, limit: Int = .max) throws -> (
        numbers: [Float], targets: [Float]
    ) {
        var parser = CSVParser()
        var scratch: [UInt8] = []
        var numbers: [Float] = []
        var targets: [Float] = []
        var position = 0
        while targets.count < limit, case .record(_, let next) = parser.parse(shard, from: position, atEnd: true) {
            let row = targets.count + 1
            position = next
            if let defect = parser.defect { throw ShardError(row: row, reason: defect.rawValue) }
            guard parser.cells.count == preprocessing.fileColumns else {
                throw ShardError(
                    row: row, reason: "expected \(preprocessing.fileColumns) cells, found \(parser.cells.count)")
            }
            do {
                for (place, feature) in preprocessing.features.enumerated() {
                    let number = try parser.cells[feature.column].withBytes(of: shard, scratch: &scratch) {
                        try preprocessing.number(of: $0, feature: place)
                    }
                    numbers.append(number)
                }
                let target = try parser.cells[preprocessing.target.column].withBytes(of: shard, scratch: &scratch) {
                    try preprocessing.target(of: $0)
                }
                targets.append(target)
            } catch let error as CellError {
                throw ShardError(row: row, reason: error.description)
            }
        }
        return (numbers, targets)
    }
}

/// A shard that does not hold what its plan says: it belongs to another plan, or was damaged.
public struct ShardError: Error, Equatable, CustomStringConvertible {
    /// From 1.
    public var row: Int
    public var reason: String

    public var description: String { "row \(row) of a shard does not fit its data plan: \(reason)" }
}
