import Digests
import Explanations

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
    /// The windows of each part, over `order`.
    private let windows: [WindowRun]
    private let parts: DatasetSplit
    private let trainingRows: [Int]
    private var preprocessing: Preprocessing?
    /// Raw numbers and targets of all rows in order of time, as each row is in many windows.
    private var numbers: NumberSpool?
    private var targets: NumberSpool?

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
        var windows: [WindowRun] = []
        for part in 0..<3 {
            windows.append(
                WindowRun(
                    firstSample: windows.last?.samples.upperBound ?? 0, items: borders[part]..<borders[part + 1],
                    length: form.window + form.horizon, stride: form.stride))
        }
        for (part, name) in ["training", "validation", "test"].enumerated()
        where windows[part].samples.isEmpty && borders[part + 1] > borders[part] {
            problems.add(
                key: ["data", "split"],
                "the \(name) part has \(counted(borders[part + 1] - borders[part], "row")), fewer than one window of "
                    + "\(form.window) and a horizon of \(form.horizon): give it a larger share in data.split, or make "
                    + "data.series.window or horizon smaller")
        }
        self.order = order
        self.windows = windows
        let samples = windows.map { Array($0.samples) }
        parts = DatasetSplit(training: samples[0], validation: samples[1], test: samples[2])
        trainingRows = order[..<counts.training].sorted()
    }

    var digest: ContentDigest { rows.digest }
    var rowCount: Int { rows.rowCount }
    var sampleCount: Int { windows.last?.samples.upperBound ?? 0 }
    var classes: [String] { [] }
    var sampleClasses: [Int32] { [] }
    var fingerprints: [Fingerprint] { [] }
    var fixedSplit: DatasetSplit? { parts }
    var targetIsConstant: Bool { rows.index.targetIsConstant }
    var notes: [DataPlan.Note] { rows.notes }

    func place(of sample: Int) -> String { "the window from \(rows.place(of: order[windows.start(of: sample)]))" }

    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList) {
        var fit = try PreprocessingFit.fit(
            rows.table, index: rows.index, training: trainingRows, specification: specification)
        fit.preprocessing.form = .rows(window: form.window)
        if case .column(let name) = specification.split.order { fit.preprocessing.order = name }
        fit.preprocessing.targetCount = fit.preprocessing.targets.count * form.horizon
        preprocessing = fit.preprocessing
        if fit.problems.isEmpty { try load(fit.preprocessing) }
        return (fit.preprocessing, fit.problems)
    }

    private func load(_ preprocessing: Preprocessing) throws {
        let numbers = try NumberSpool.Writer(columns: preprocessing.features.count)
        let targets = try NumberSpool.Writer(columns: preprocessing.targets.count)
        var reader = TableRows(rows)
        for row in order {
            try reader.read(row)
            for (place, feature) in preprocessing.features.enumerated() {
                try numbers.append(
                    try reader.withCell(feature.column) { try preprocessing.number(of: $0, feature: place) })
            }
            for target in preprocessing.targets {
                try targets.append(try reader.withCell(target.column) { try target.number(of: $0) })
            }
        }
        self.numbers = try numbers.finish()
        self.targets = try targets.finish()
    }

    private func record(rows: Int, _ preprocessing: Preprocessing) -> RecordShard {
        RecordShard(
            element: .float32, rows: rows, featureCount: form.window * preprocessing.features.count,
            targetCount: form.horizon * preprocessing.targets.count)
    }

    func shardBytes(of samples: some Collection<Int>) -> Int {
        guard let preprocessing else { preconditionFailure("the source was not fitted") }
        return record(rows: samples.count, preprocessing).byteCount
    }

    func writeShard(of samples: some Collection<Int>, to sink: ShardSink) throws {
        guard let preprocessing, let numbers, let targets else { preconditionFailure("the source was not fitted") }
        let chosen = Array(samples)
        try record(rows: chosen.count, preprocessing).write(to: sink) { row, features in
            try numbers.read(rows: form.window, from: windows.start(of: chosen[row]), into: features)
        } targets: { row, learned in
            try targets.read(rows: form.horizon, from: windows.start(of: chosen[row]) + form.window, into: learned)
        }
    }

    func finish() throws {
        try rows.finish()
    }
}
