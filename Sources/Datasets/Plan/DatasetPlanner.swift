public import Digests
public import Foundation

/// Turns a data file into shards: checks it, splits it, fits the preprocessing and writes one shard per slice and part.
public struct DatasetPlanner: Sendable {
    public let file: URL
    public let specification: DataSpecification
    public let target: TargetRequirement
    /// Shape of one sample as the network takes it.
    public let input: [Int]
    /// Into how many slices each batch is cut.
    public let slices: Int
    /// Rows of a batch; nil: all training rows.
    public let batchSize: Int?
    public let seed: UInt64

    public init(
        file: URL, specification: DataSpecification, target: TargetRequirement, input: [Int], slices: Int,
        batchSize: Int?, seed: UInt64
    ) {
        self.file = file
        self.specification = specification
        self.target = target
        self.input = input
        self.slices = slices
        self.batchSize = batchSize
        self.seed = seed
    }

    /// Reads the file twice: to index it and to fit the preprocessing; then row by row in the order of the shards.
    /// Blocks while it does.
    ///
    /// Throws a `DatasetReport` with everything that is wrong with the data before the first shard is written,
    /// `DataFileError` if the file cannot be read or changes meanwhile, and what `writeShard` throws.
    public func plan(writeShard: ([UInt8]) throws -> ContentDigest) throws -> DataPlan {
        try checkRequest()
        let source = try InputFile(file)
        let scan = try DatasetScanner.scan(file, for: specification, target: target)
        let index = scan.index
        var problems = scan.problems
        let counts = checkedCounts(index, &problems)
        guard problems.isEmpty else { throw report(problems) }

        let split = DatasetSplit(
            counts: counts, classes: specification.split.stratify ? index.rowClasses : [], seed: seed)
        let fit = try PreprocessingFit.fit(
            file: file, index: index, split: split, specification: specification, target: target)
        problems = fit.problems
        checkWidth(fit.preprocessing, &problems)
        guard problems.isEmpty else { throw report(problems) }

        let writer = ShardWriter(file: source, index: index)
        let training = try writer.trainingShards(
            split.training, batchSize: batchSize ?? max(split.training.count, 1), slices: slices, seed: seed,
            store: writeShard)
        let validation = try writer.contiguousShards(split.validation, slices: slices, store: writeShard)
        let test = try writer.contiguousShards(split.test, slices: slices, store: writeShard)
        try writer.finish()
        return DataPlan(
            digest: index.digest, rows: index.rows.count, preprocessing: fit.preprocessing,
            trainingRows: split.training.count, validationRows: split.validation.count, testRows: split.test.count,
            training: training, validation: validation, test: test)
    }

    func report(_ problems: ProblemList) -> DatasetReport {
        problems.report(file: file.path(percentEncoded: false))
    }
}
