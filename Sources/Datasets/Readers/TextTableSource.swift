import Digests

/// Texts in the cells of a table, to be classified or translated.
final class TextTableSource: SampleSource {
    private let rows: TableSource
    private let form: TextForm
    private let target: TargetRequirement
    private let imported: Tokenizer?
    private var encoding: TextEncoding?
    private var learned: Preprocessing.Target
    private var cutTexts = 0

    /// - Parameters:
    ///   - classesAreTexts: whether the job declares that different spellings of one number are different classes.
    ///   - imported: a tokenizer that was made before; nil: one is trained.
    init(
        _ rows: TableSource, form: TextForm, target: TargetRequirement, classesAreTexts: Bool, imported: Tokenizer?
    ) {
        self.rows = rows
        self.form = form
        self.target = target
        self.imported = imported
        let index = rows.index
        let column = index.targets.first ?? index.features.last?.column ?? 0
        let kind: Preprocessing.Target.Kind =
            switch (form.use, target) {
            case (.classify, .classes): .classes(index.classes)
            case (.classify, .numbers), (.classify, .distributions): .number
            default: .tokens
            }
        learned = .init(
            name: index.columns.indices.contains(column) ? index.columns[column] : "", column: column, kind: kind,
            classesAreTexts: classesAreTexts && !index.rowClasses.isEmpty ? true : nil)
    }

    var digest: ContentDigest { rows.digest }
    var rowCount: Int { rows.rowCount }
    var sampleCount: Int { rows.sampleCount }
    var classes: [String] { rows.classes }
    var sampleClasses: [Int32] { rows.sampleClasses }
    var fingerprints: [Fingerprint] { rows.fingerprints }
    var orderKeys: [Double] { rows.orderKeys }
    var notes: [DataPlan.Note] {
        let cut = DataPlan.Note(
            kind: .cutTexts, count: cutTexts, message: "texts are longer than the positions that they have and were cut"
        )
        return rows.notes + (cutTexts > 0 ? [cut] : [])
    }

    func place(of sample: Int) -> String { rows.place(of: sample) }

    private var textColumns: [Int] { rows.index.features.map(\.column) }

    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList) {
        var training = TokenizerTraining(form.tokenizer)
        if imported == nil, training.needsText {
            var reader = TableRows(rows)
            for row in split.training where !training.isFull {
                try reader.read(row)
                for column in textColumns { reader.withCell(column) { training.add($0) } }
            }
        }
        let encoding = TextEncoding(
            tokenizer: imported ?? training.tokenizer(), use: form.use, positions: form.positions)
        self.encoding = encoding
        return (
            Preprocessing(
                features: [], target: learned, fileColumns: rows.index.columns.count, offsets: [], scales: [],
                form: .text(encoding), targetCount: encoding.targetPositions),
            ProblemList()
        )
    }

    private func record(rows: Int, _ encoding: TextEncoding) -> RecordShard {
        RecordShard(
            element: .float32, rows: rows, featureCount: encoding.idCount, targetCount: encoding.targetPositions)
    }

    func shardBytes(of samples: some Collection<Int>) -> Int {
        guard let encoding else { preconditionFailure("the source was not fitted") }
        return record(rows: samples.count, encoding).byteCount
    }

    func writeShard(of samples: some Collection<Int>, to sink: ShardSink) throws {
        guard let encoding else { preconditionFailure("the source was not fitted") }
        let chosen = Array(samples)
        var reader = TableRows(rows)
        var cache = TokenCache()
        func ids(_ text: Int) -> [Int32] {
            var ids: [Int32] = []
            reader.withCell(textColumns[text]) { encoding.tokenizer.encode($0, into: &ids, cache: &cache) }
            return ids
        }
        try record(rows: chosen.count, encoding).write(to: sink) { row, features in
            try reader.read(chosen[row])
            let source = ids(0)
            if source.count > encoding.positions { cutTexts += 1 }
            encoding.fill(features, encoding.positions, source)
            guard case .translate = form.use else { return }
            let target = ids(1)
            if target.count + 1 > encoding.targetPositions { cutTexts += 1 }
            encoding.fillShifted(features, target)
        } targets: { row, targets in
            try reader.read(chosen[row])
            if case .translate = form.use {
                encoding.fillTargets(targets, ids(1))
            } else {
                targets[0] = try reader.withCell(learned.column) { try learned.number(of: $0) }
            }
        }
    }

    func finish() throws {
        try rows.finish()
    }
}
