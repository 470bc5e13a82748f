import Digests
import Foundation

/// Rows of an array of numbers, with a target for each: what NumPy and IDX files hold, and pictures once they are
/// decoded.
final class ArraySource: SampleSource {
    let digest: ContentDigest
    let classes: [String]
    let sampleClasses: [Int32]
    let fingerprints: [Fingerprint]
    let targetIsConstant: Bool
    let notes: [DataPlan.Note]
    private let features: NumberFile
    private let targets: Targets
    /// Row in the file of each sample.
    private let rows: [Int]
    private let shape: [Int]
    private let normalization: DataSpecification.Normalization
    private let names: [String]

    /// What is to be learned.
    enum Targets {
        /// An array with as many rows as that of the features.
        case numbers(NumberFile)
        /// The same, whose numbers are labels.
        case labels(NumberFile, LabelIndices)
        /// The class of each row.
        case classes

        /// Numbers to learn of one sample.
        var count: Int {
            switch self {
            case .numbers(let file), .labels(let file, _): file.columns
            case .classes: 1
            }
        }

        func finish() throws {
            switch self {
            case .numbers(let file), .labels(let file, _): try file.checkUnchanged()
            case .classes: break
            }
        }
    }

    /// - Parameters:
    ///   - targetIsConstant: the one number to learn is the same in all of several rows.
    ///   - names: of the samples in the file, for messages; empty: they have only numbers.
    ///   - notes: what is to be said beyond what the scan found.
    init(
        _ scan: ArrayScan, digest: ContentDigest, features: NumberFile, targets: Targets, shape: [Int],
        normalization: DataSpecification.Normalization, targetIsConstant: Bool = false, names: [String] = [],
        notes: [DataPlan.Note] = []
    ) {
        self.digest = digest
        self.features = features
        self.targets = targets
        self.shape = shape
        self.normalization = normalization
        self.targetIsConstant = targetIsConstant
        self.names = names
        classes = scan.classes
        sampleClasses = scan.rowClasses
        fingerprints = scan.fingerprints
        rows = scan.rows
        self.notes = scan.notes + notes
    }

    var rowCount: Int { rows.count }
    var sampleCount: Int { rows.count }

    func place(of sample: Int) -> String { names.isEmpty ? "row \(rows[sample] + 1)" : names[rows[sample]] }

    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList) {
        let groups = TensorEncoding.groups(of: shape)
        var fits = (0..<groups.count).map { _ in
            FeatureFit(name: "", rule: .error, bounds: nil, normalization: normalization)
        }
        if normalization != .none {
            var numbers = [Float](repeating: 0, count: features.columns)
            for sample in split.training {
                try features.read(row: rows[sample], into: &numbers)
                for index in numbers.indices { fits[index / groups.length].add(Double(numbers[index])) }
            }
        }
        var encoding = TensorEncoding(
            shape: shape, groupLength: groups.length, offsets: [], scales: [],
            isOfBytes: features.header.element == .uint8)
        for index in fits.indices {
            let (offset, scale) = fits[index].offsetAndScale(normalization)
            encoding.offsets.append(offset)
            encoding.scales.append(scale)
        }
        if normalization == .none { (encoding.offsets, encoding.scales) = ([0], [1]) }
        let target = Preprocessing.Target(
            name: "target", column: 0, kind: sampleClasses.isEmpty ? .number : .classes(classes),
            classesAreTexts: names.isEmpty ? nil : true)
        return (
            Preprocessing(
                features: [], target: target, fileColumns: 1, offsets: [], scales: [], form: .tensor(encoding),
                targetCount: targets.count),
            ProblemList()
        )
    }

    private func record(rows: Int) -> RecordShard {
        RecordShard(
            element: features.header.element == .uint8 ? .uint8 : .float32, rows: rows,
            featureCount: features.columns, targetCount: targets.count)
    }

    func shardBytes(of samples: some Collection<Int>) -> Int { record(rows: samples.count).byteCount }

    func writeShard(of samples: some Collection<Int>, to sink: ShardSink) throws {
        let chosen = Array(samples)
        try record(rows: chosen.count).write(to: sink) { row, inputs in
            try features.read(row: rows[chosen[row]], into: inputs)
        } targets: { row, learned in
            switch targets {
            case .numbers(let file): try file.read(row: rows[chosen[row]], into: learned)
            case .labels(let file, let indices):
                try file.forEachNumber(ofRow: rows[chosen[row]]) { learned[$0] = Float(indices[$1]) }
            case .classes: learned[0] = Float(sampleClasses[chosen[row]])
            }
        }
    }

    func finish() throws {
        try features.checkUnchanged()
        try targets.finish()
    }
}
