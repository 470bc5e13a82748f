import Digests

/// A data set that was read once and found sound: samples that can be told apart, split and copied into shards, whatever
/// the format.
protocol SampleSource: AnyObject {
    /// SHA-256 of what was handed over.
    var digest: ContentDigest { get }
    /// Rows of the data as people count them.
    var rowCount: Int { get }
    var sampleCount: Int { get }
    /// Empty unless classes are learned.
    var classes: [String] { get }
    /// Index of each sample's class; empty unless classes are learned.
    var sampleClasses: [Int32] { get }
    /// Tells equal samples; empty where samples share rows, as those of a series do.
    var fingerprints: [Fingerprint] { get }
    /// What the samples are ordered by; empty: their order in the file.
    var orderKeys: [Double] { get }
    /// The split, where samples share rows and only some splits keep the parts apart.
    var fixedSplit: DatasetSplit? { get }
    /// The one number to learn is the same in all of several rows.
    var targetIsConstant: Bool { get }
    /// What was done to the data, or seems odd, and does not stop a job.
    var notes: [DataPlan.Note] { get }

    /// For messages: where a sample is.
    func place(of sample: Int) -> String
    /// Learns from the training part what preprocessing needs.
    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList)
    /// Bytes of a shard that holds these samples. `fit` came before.
    func shardBytes(of samples: some Collection<Int>) -> Int
    /// Writes a shard that holds these samples in this order. `fit` came before.
    func writeShard(of samples: some Collection<Int>, to sink: ShardSink) throws
    /// Throws if a file was changed since it was read.
    func finish() throws
}

extension SampleSource {
    var orderKeys: [Double] { [] }
    var fixedSplit: DatasetSplit? { nil }
    var targetIsConstant: Bool { false }
}

/// What a pass over the data found. With problems there may be no source to go on with.
struct SourceScan {
    var source: (any SampleSource)?
    var problems: ProblemList
}
