public import Digests
public import Foundation

/// Turns a data set into shards: checks it, splits it, fits the preprocessing and writes one shard per slice and part.
public struct DatasetPlanner: Sendable {
    public let file: URL
    public let specification: DataSpecification
    public let target: TargetRequirement
    /// Shape of one sample as the network takes it.
    public let input: [Int]
    /// Positions of a sample at which the network has a result; nil: whatever the data needs.
    public let resultPositions: Int?
    /// Into how many slices each batch is cut.
    public let slices: Int
    /// Rows of a batch; nil: all training rows.
    public let batchSize: Int?
    public let seed: UInt64
    /// Where the job says how many tokens its model tells apart.
    package var tokensKey = ["model", "classes"]
    /// Where the job says at which positions its model has results.
    package var positionsKey = ["model", "family"]
    /// Token ids that the model has a place for, where it takes ids.
    package var embeddedIDs: Int?
    /// Where the job says how many these are.
    package var vocabularyKey = ["model", "vocabulary"]

    public init(
        file: URL, specification: DataSpecification, target: TargetRequirement, input: [Int],
        resultPositions: Int? = nil, slices: Int, batchSize: Int?, seed: UInt64
    ) {
        self.file = file
        self.specification = specification
        self.target = target
        self.input = input
        self.resultPositions = resultPositions
        self.slices = slices
        self.batchSize = batchSize
        self.seed = seed
    }

    /// The same for data that fits into memory: `writeShard` gets each shard as a whole and returns its digest.
    public func plan(writeShard: ([UInt8]) throws -> ContentDigest) throws -> DataPlan {
        try withoutActuallyEscaping(writeShard) { try plan(into: WholeShards(store: $0)) }
    }

    /// Reads the data twice: to index it and to fit the preprocessing; then sample by sample in the order of the shards.
    /// Blocks while it does. Shards are written piece by piece: memory is taken for the index, some tens of bytes a
    /// sample.
    ///
    /// Throws a `DatasetReport` with everything that is wrong with the data before the first shard is written,
    /// `DataFileError` if the file cannot be read or changes meanwhile, and what the store throws.
    public func plan(into store: some ShardStore) throws -> DataPlan {
        try checkRequest()
        let scan = try scan()
        var problems = scan.problems
        guard let source = scan.source else { throw report(problems) }
        let counts = checkedCounts(source, &problems)
        guard problems.isEmpty else { throw report(problems) }

        var split = self.split(source, counts)
        let leaks = checkLeaks(source, &split, &problems)
        let (preprocessing, unfit) = try source.fit(split)
        problems.add(unfit)
        checkWidth(preprocessing, &problems)
        checkTargets(preprocessing, &problems)
        checkIDs(preprocessing, &problems)
        checkVariation(source, &problems)
        guard problems.isEmpty else { throw report(problems) }
        try checkRoom(for: split, of: source, in: store)

        let training = try trainingShards(of: split.training, source, store)
        let validation = try contiguousShards(of: split.validation, source, store)
        let test = try contiguousShards(of: split.test, source, store)
        try source.finish()
        // The corners of pictures are often all of one colour, and no column to leave out.
        let isPicture = input.count == 3
        let unlearned = preprocessing.targetCount == 1 ? split.unlearnedClasses(of: source) : []
        let notes = source.notes.filter { !isPicture || $0.kind != .constant } + leaks + unlearned
        func classes(_ part: [Int]) -> Int? {
            // Of several labels to a sample the source knows the first only.
            guard !source.sampleClasses.isEmpty, preprocessing.targetCount == 1 else { return nil }
            return Set(part.lazy.map { source.sampleClasses[$0] }.filter { $0 >= 0 }).count
        }
        return DataPlan(
            digest: source.digest, rows: source.rowCount, preprocessing: preprocessing,
            trainingRows: split.training.count, validationRows: split.validation.count, testRows: split.test.count,
            training: training, validation: validation, test: test,
            validationClasses: classes(split.validation), testClasses: classes(split.test),
            notes: notes.isEmpty ? nil : notes)
    }

    /// Shard s holds the training samples whose place in the training order falls into slice s of its batch, by place.
    private func trainingShards(
        of samples: [Int], _ source: any SampleSource, _ store: some ShardStore
    ) throws -> [DataPlan.Shard] {
        let batches = BatchSlices(batchSize: batchSize ?? max(samples.count, 1), slices: slices, rows: samples.count)
        let order = SamplePermutation(count: samples.count, seed: seed, epoch: 0, stream: SampleOrder.trainingStream)
        return try (0..<slices).map { slice in
            var chosen: [Int] = []
            chosen.reserveCapacity(batches.shardRows(ofSlice: slice))
            for place in batches.places(ofSlice: slice) { chosen.append(samples[order[place]]) }
            return try shard(of: chosen, source, store)
        }
    }

    /// As many shards as slices, each a run of the samples; none for no samples.
    private func contiguousShards(
        of samples: [Int], _ source: any SampleSource, _ store: some ShardStore
    ) throws -> [DataPlan.Shard] {
        guard !samples.isEmpty else { return [] }
        return try (0..<slices).map { slice in
            let range = BatchSlices.share(ofSlice: slice, of: slices, rows: samples.count)
            return try shard(of: Array(samples[range]), source, store)
        }
    }

    private func shard(
        of samples: [Int], _ source: any SampleSource, _ store: some ShardStore
    ) throws -> DataPlan.Shard {
        let digest = try store.keep { try source.writeShard(of: samples, to: $0) }
        return DataPlan.Shard(digest: digest, bytes: source.shardBytes(of: samples), rows: samples.count)
    }

    func report(_ problems: ProblemList) -> DatasetReport {
        problems.report(file: file.path(percentEncoded: false))
    }
}
