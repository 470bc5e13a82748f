internal import Digests

/// Copies rows of an indexed data file into shards, each row ended by a line feed.
struct ShardWriter: ~Copyable {
    private let file: InputFile
    private let index: DatasetIndex

    typealias Store = ([UInt8]) throws -> ContentDigest

    init(file: consuming InputFile, index: DatasetIndex) {
        self.file = file
        self.index = index
    }

    /// Shard s holds the training rows whose place in the training order falls into slice s of its batch, by place.
    func trainingShards(
        _ rows: [Int], batchSize: Int, slices: Int, seed: UInt64, store: Store
    ) throws -> [DataPlan.Shard] {
        let batches = BatchSlices(batchSize: batchSize, slices: slices, rows: rows.count)
        let order = SamplePermutation(count: rows.count, seed: seed, epoch: 0, stream: SampleOrder.trainingStream)
        return try (0..<slices).map { slice in
            var chosen: [Int] = []
            chosen.reserveCapacity(batches.shardRows(ofSlice: slice))
            for batchStart in stride(from: 0, to: rows.count, by: batchSize) {
                for offset in batches.offsets(ofSlice: slice) where batchStart + offset < rows.count {
                    chosen.append(rows[order[batchStart + offset]])
                }
            }
            return try shard(of: chosen, store: store)
        }
    }

    /// As many shards as slices, each a run of the rows; none for no rows.
    func contiguousShards(_ rows: [Int], slices: Int, store: Store) throws -> [DataPlan.Shard] {
        guard !rows.isEmpty else { return [] }
        return try (0..<slices).map { slice in
            try shard(of: rows[rows.count * slice / slices..<rows.count * (slice + 1) / slices], store: store)
        }
    }

    /// Throws if the file was changed since it was indexed.
    consuming func finish() throws {
        try file.checkUnchanged()
    }

    private func shard(of rows: some Collection<Int>, store: Store) throws -> DataPlan.Shard {
        let byteCount = rows.reduce(0) { $0 + Int(index.rows[$1].length) + 1 }
        var bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: byteCount)
        try bytes.withUnsafeMutableBytes { bytes in
            var position = 0
            for row in rows {
                let length = Int(index.rows[row].length)
                let target = UnsafeMutableRawBufferPointer(rebasing: bytes[position..<position + length])
                guard try file.read(into: target, at: index.rows[row].offset) == length else {
                    throw DataFileError.changed(file.url)
                }
                position += length + 1
            }
        }
        return DataPlan.Shard(digest: try store(bytes), bytes: byteCount, rows: rows.count)
    }
}
