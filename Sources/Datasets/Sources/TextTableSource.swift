internal import Digests

/// Texts in the cells of a table, to be classified or translated.
final class TextTableSource: SampleSource {
    private let rows: TableSource
    private let form: TextForm
    private let target: TargetRequirement
    private let imported: Tokenizer?
    private var encoding: TextEncoding?
    private var learned: Preprocessing.Target
    private var cutTexts = 0

    /// - Parameter imported: a tokenizer that was made before; nil: one is trained.
    init(_ rows: TableSource, form: TextForm, target: TargetRequirement, imported: Tokenizer?) {
        self.rows = rows
        self.form = form
        self.target = target
        self.imported = imported
        let index = rows.index
        let column = index.targets.first ?? index.features.last?.column ?? 0
        let kind: Preprocessing.Target.Kind =
            switch (form.use, target) {
            case (.classify, .classes): .classes(index.classes)
            case (.classify, .numbers): .number
            default: .tokens
            }
        learned = .init(
            name: index.columns.indices.contains(column) ? index.columns[column] : "", column: column, kind: kind)
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

    func shard(of samples: some Collection<Int>) throws -> [UInt8] {
        guard let encoding else { preconditionFailure("the source was not fitted") }
        let chosen = Array(samples)
        let shard = RecordShard(
            element: .float32, rows: chosen.count, featureCount: encoding.idCount,
            targetCount: encoding.targetPositions)
        var reader = TableRows(rows)
        var cache = TokenCache()
        return try shard.encoded { row, features, targets in
            try reader.read(chosen[row])
            var texts: [[Int32]] = []
            for column in textColumns {
                var ids: [Int32] = []
                reader.withCell(column) { encoding.tokenizer.encode($0, into: &ids, cache: &cache) }
                texts.append(ids)
            }
            if texts[0].count > encoding.positions { cutTexts += 1 }
            encoding.fill(features, encoding.positions, texts[0])
            if case .translate = form.use {
                if texts[1].count + 1 > encoding.targetPositions { cutTexts += 1 }
                encoding.fillShifted(features, texts[1])
                encoding.fillTargets(targets, texts[1])
            } else {
                targets[0] = try reader.withCell(learned.column) { try learned.number(of: $0) }
            }
        }
    }

    func finish() throws {
        try rows.finish()
    }
}
