internal import Digests
internal import Foundation

/// Rows of an array of numbers, with a target for each: what NumPy and IDX files hold, and pictures once they are
/// decoded.
final class ArraySource: SampleSource {
    let digest: ContentDigest
    let classes: [String]
    let sampleClasses: [Int32]
    let fingerprints: [Fingerprint]
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
        case classes

        func finish() throws {
            if case .numbers(let file) = self { try file.checkUnchanged() }
        }
    }

    /// - Parameter names: of the samples in the file, for messages; empty: they have only numbers.
    init(
        _ scan: ArrayScan, digest: ContentDigest, features: NumberFile, targets: Targets, shape: [Int],
        normalization: DataSpecification.Normalization, names: [String] = []
    ) {
        self.digest = digest
        self.features = features
        self.targets = targets
        self.shape = shape
        self.normalization = normalization
        self.names = names
        classes = scan.classes
        sampleClasses = scan.rowClasses
        fingerprints = scan.fingerprints
        rows = scan.rows
        notes = scan.notes
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
        var encoding = TensorEncoding(shape: shape, groupLength: groups.length, offsets: [], scales: [])
        for index in fits.indices {
            let (offset, scale) = fits[index].offsetAndScale(normalization)
            encoding.offsets.append(offset)
            encoding.scales.append(scale)
        }
        if normalization == .none { (encoding.offsets, encoding.scales) = ([0], [1]) }
        let target = Preprocessing.Target(
            name: "target", column: 0, kind: sampleClasses.isEmpty ? .number : .classes(classes))
        return (
            Preprocessing(
                features: [], target: target, fileColumns: 1, offsets: [], scales: [], form: .tensor(encoding),
                targetCount: targetCount),
            ProblemList()
        )
    }

    private var targetCount: Int {
        if case .numbers(let file) = targets { file.columns } else { 1 }
    }

    func shard(of samples: some Collection<Int>) throws -> [UInt8] {
        let chosen = Array(samples)
        let shard = RecordShard(
            element: features.header.element == .uint8 ? .uint8 : .float32, rows: chosen.count,
            featureCount: features.columns, targetCount: targetCount)
        return try shard.encoded { row, inputs, learned in
            try features.read(row: rows[chosen[row]], into: inputs)
            switch targets {
            case .classes: learned[0] = Float(sampleClasses[chosen[row]])
            case .numbers(let file): try file.read(row: rows[chosen[row]], into: learned)
            }
        }
    }

    func finish() throws {
        try features.checkUnchanged()
        try targets.finish()
    }
}
