internal import Digests

/// Windows of consecutive rows of a table, in its order or that of a column of dates.
///
/// The rows are split at two places in time, and a window belongs to a part if all its rows and those it foretells do;
/// windows that would reach over a border are left out. So no part knows of another.
final class SeriesSource: SampleSource {
    private let rows: TableSource
    private let specification: DataSpecification
    private let form: SeriesForm
    /// Rows of the index in order of time.
    private let order: [Int]
    /// Of each sample, the place in `order` of its first row.
    private let starts: [Int]
    private let parts: DatasetSplit
    private let trainingRows: [Int]
    private var preprocessing: Preprocessing?
    /// Raw numbers and targets of all rows in order of time, rows x columns; kept, as each row is in many windows.
    private var numbers: [Float] = []
    private var targets: [Float] = []

    init(_ rows: TableSource, form: SeriesForm, specification: DataSpecification, _ problems: inout ProblemList) {
        self.rows = rows
        self.form = form
        self.specification = specification
        let index = rows.index
        let keys = index.orderKeys
        let order =
            keys.isEmpty
            ? Array(index.rows.indices) : index.rows.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        let counts = PartCounts(rows: order.count, split: specification.split)
        let borders = [0, counts.training, counts.training + counts.validation, order.count]
        var starts: [Int] = []
        var samples: [[Int]] = [[], [], []]
        for part in 0..<3 {
            let last = borders[part + 1] - form.window - form.horizon
            for start in stride(from: borders[part], through: last, by: form.stride) {
                samples[part].append(starts.count)
                starts.append(start)
            }
        }
        for (part, name) in ["training", "validation", "test"].enumerated()
        where samples[part].isEmpty && borders[part + 1] > borders[part] {
            problems.add(
                "the \(name) part has \(borders[part + 1] - borders[part]) rows, fewer than one window of "
                    + "\(form.window) and a horizon of \(form.horizon)")
        }
        self.order = order
        self.starts = starts
        parts = DatasetSplit(training: samples[0], validation: samples[1], test: samples[2])
        trainingRows = order[..<counts.training].sorted()
    }

    var digest: ContentDigest { rows.digest }
    var rowCount: Int { rows.rowCount }
    var sampleCount: Int { starts.count }
    var classes: [String] { [] }
    var sampleClasses: [Int32] { [] }
    var fingerprints: [Fingerprint] { [] }
    var fixedSplit: DatasetSplit? { parts }
    var notes: [DataPlan.Note] { rows.notes }

    func place(of sample: Int) -> String { "the window from \(rows.place(of: order[starts[sample]]))" }

    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList) {
        var fit = try PreprocessingFit.fit(
            rows.table, index: rows.index, training: trainingRows, specification: specification)
        fit.preprocessing.form = .rows(window: form.window)
        fit.preprocessing.targetCount = fit.preprocessing.targets.count * form.horizon
        preprocessing = fit.preprocessing
        if fit.problems.isEmpty { try load(fit.preprocessing) }
        return (fit.preprocessing, fit.problems)
    }

    private func load(_ preprocessing: Preprocessing) throws {
        numbers.reserveCapacity(order.count * preprocessing.features.count)
        var reader = TableRows(rows)
        for row in order {
            try reader.read(row)
            for (place, feature) in preprocessing.features.enumerated() {
                numbers.append(try reader.withCell(feature.column) { try preprocessing.number(of: $0, feature: place) })
            }
            for target in preprocessing.targets {
                targets.append(try reader.withCell(target.column) { try target.number(of: $0) })
            }
        }
    }

    func shard(of samples: some Collection<Int>) throws -> [UInt8] {
        guard let preprocessing else { preconditionFailure("the source was not fitted") }
        let chosen = Array(samples)
        let columns = preprocessing.features.count
        let outputs = preprocessing.targets.count
        let shard = RecordShard(
            element: .float32, rows: chosen.count, featureCount: form.window * columns,
            targetCount: form.horizon * outputs)
        return try shard.encoded { row, features, learned in
            let start = starts[chosen[row]]
            for index in 0..<form.window * columns { features[index] = numbers[start * columns + index] }
            let first = (start + form.window) * outputs
            for index in 0..<form.horizon * outputs { learned[index] = targets[first + index] }
        }
    }

    func finish() throws {
        try rows.finish()
    }
}
