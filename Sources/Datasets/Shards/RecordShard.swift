/// A shard of numbers: what is not a table is stored as records of one size, docs/data.md has the format.
///
/// All integers are little-endian: the bytes `93 4D 41 52 54 4C 45 54`, the version (u32, 1), the kind of the features'
/// elements (u32, 1: uint8, 2: float32), rows, features a row and targets a row (u64 each). The features follow row by
/// row, zeros up to a multiple of 4 bytes, and the targets row by row as float32.
struct RecordShard {
    enum Element: UInt32 {
        case uint8 = 1
        case float32 = 2

        var bytes: Int { self == .uint8 ? 1 : 4 }
    }

    static let magic: [UInt8] = [0x93, 0x4D, 0x41, 0x52, 0x54, 0x4C, 0x45, 0x54]
    static let headerBytes = 40
    private static let version: UInt32 = 1

    let element: Element
    let rows: Int
    let featureCount: Int
    let targetCount: Int

    private var featureBytes: Int { rows * featureCount * element.bytes }
    private var targetOffset: Int { Self.headerBytes + (featureBytes + 3) & ~3 }
    var byteCount: Int { targetOffset + rows * targetCount * 4 }

    init(element: Element, rows: Int, featureCount: Int, targetCount: Int) {
        self.element = element
        self.rows = rows
        self.featureCount = featureCount
        self.targetCount = targetCount
    }

    /// Reads the header and holds it against the size of the shard. Throws `ShardError`.
    init(_ shard: UnsafeRawBufferPointer) throws {
        func refuse(_ reason: String) -> ShardError { ShardError(row: 0, reason: reason) }
        guard shard.count >= Self.headerBytes, shard.starts(with: Self.magic) else {
            throw refuse("it is no shard of records")
        }
        let version = UInt32(littleEndian: shard.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        guard version == Self.version else { throw refuse("its version is \(version), expected \(Self.version)") }
        guard
            let element = Element(
                rawValue: .init(littleEndian: shard.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
        else { throw refuse("the kind of its numbers is unknown") }
        let sizes = try [16, 24, 32].map { offset in
            let size = UInt64(littleEndian: shard.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            // Products of sizes below 2^30 cannot overflow by a factor of 4.
            guard size < 1 << 30 else { throw refuse("a size of \(size) is too large") }
            return Int(size)
        }
        self.init(element: element, rows: sizes[0], featureCount: sizes[1], targetCount: sizes[2])
        guard byteCount == shard.count else { throw refuse("it has \(shard.count) bytes, expected \(byteCount)") }
    }

    /// Writes a row's numbers.
    typealias Fill = (_ row: Int, _ numbers: UnsafeMutablePointer<Float>) throws -> Void

    /// Makes a shard piece by piece, in memory for one piece. The features of all rows stand before the first target, so
    /// the rows are gone through twice: once for each.
    func write(to sink: ShardSink, features: Fill, targets: Fill) throws {
        try PieceBuffer.write(to: sink) { buffer in
            try buffer.append(header)
            var numbers = [Float](repeating: 0, count: featureCount)
            for row in 0..<rows {
                try numbers.withUnsafeMutableBufferPointer { try features(row, $0.baseAddress!) }
                switch element {
                case .uint8: try buffer.append(numbers.map { UInt8($0) })
                case .float32: try buffer.append(numbers)
                }
            }
            try buffer.append([UInt8](repeating: 0, count: targetOffset - Self.headerBytes - featureBytes))
            numbers = [Float](repeating: 0, count: targetCount)
            for row in 0..<rows {
                try numbers.withUnsafeMutableBufferPointer { try targets(row, $0.baseAddress!) }
                try buffer.append(numbers)
            }
        }
    }

    private var header: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.headerBytes)
        bytes.withUnsafeMutableBytes { bytes in
            bytes.copyBytes(from: Self.magic)
            bytes.storeBytes(of: Self.version.littleEndian, toByteOffset: 8, as: UInt32.self)
            bytes.storeBytes(of: element.rawValue.littleEndian, toByteOffset: 12, as: UInt32.self)
            for (offset, size) in [(16, rows), (24, featureCount), (32, targetCount)] {
                bytes.storeBytes(of: UInt64(size).littleEndian, toByteOffset: offset, as: UInt64.self)
            }
        }
        return bytes
    }

    /// The raw features and the targets of the first rows. Both are checked to be numbers that can be learned from.
    func read(_ shard: UnsafeRawBufferPointer, limit: Int) throws -> (numbers: [Float], targets: [Float]) {
        let rows = min(rows, limit)
        let numbers = [Float](unsafeUninitializedCapacity: rows * featureCount) { numbers, count in
            count = rows * featureCount
            switch element {
            case .uint8: for index in 0..<count { numbers[index] = Float(shard[Self.headerBytes + index]) }
            case .float32:
                UnsafeMutableRawBufferPointer(numbers).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: shard[Self.headerBytes..<Self.headerBytes + count * 4]))
            }
        }
        let targets = [Float](unsafeUninitializedCapacity: rows * targetCount) { targets, count in
            count = rows * targetCount
            UnsafeMutableRawBufferPointer(targets).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: shard[targetOffset..<targetOffset + count * 4]))
        }
        if let index = numbers.firstIndex(where: { !$0.isFinite }) {
            throw ShardError(row: index / featureCount + 1, reason: "a feature is \(numbers[index])")
        }
        if let index = targets.firstIndex(where: { !$0.isFinite }) {
            throw ShardError(row: index / targetCount + 1, reason: "a target is \(targets[index])")
        }
        return (numbers, targets)
    }
}
