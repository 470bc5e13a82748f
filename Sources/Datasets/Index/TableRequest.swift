/// What a job wants of a table's columns.
struct TableRequest {
    /// What the cells of a feature have to be.
    enum Content {
        /// Numbers or texts, whichever the column holds.
        case any
        case type(ColumnType)
        /// Any text but none.
        case text

        init(_ type: ColumnType?) {
            self = type.map { .type($0) } ?? .any
        }

        /// Whether its cells are texts, whatever they say.
        var isText: Bool {
            switch self {
            case .any: false
            case .type(let type): type.isText
            case .text: true
            }
        }

        /// What a cell of such a column holds. Whether `NA` is a value that is missing or a text follows from the column's
        /// type where a job says it, and from the cell's quotes where it does not.
        func value(of cell: UnsafeRawBufferPointer, isQuoted: Bool) -> CellValue {
            switch self {
            case .any: CellValue(cell, isText: isQuoted)
            case .type(.number), .type(.date): CellValue(cell)
            case .type(.category), .type(.index), .text: cell.trimmed.isEmpty ? .missing : .text
            }
        }
    }

    var features: [String]
    var targets: [String]
    var order: String?
    /// A series may be learned from its own past.
    var learnsFromTargets: Bool
    var hasClasses: Bool
    let target: TargetRequirement
    /// Columns that settings name, which have to be there, with where in the job that is.
    let namedColumns: [(name: String, key: [String])]
    /// Columns of numbers are brought to one scale, in double precision.
    let normalizes: Bool
    /// What the numbers of features have to be, where they are token ids.
    let ids: TokenIDs?
    private let types: [String: ColumnType]
    private let cleaning: Cleaning
    private let textFields: Set<String>
    /// Where in the job each feature is named.
    private let featureKeys: [[String]]

    init(
        _ specification: DataSpecification, target: TargetRequirement, expansions: [String: [String]] = [:],
        ids: TokenIDs? = nil
    ) {
        self.ids = ids
        func expanded(_ names: [String]) -> [String] { names.flatMap { expansions[$0] ?? [$0] } }
        targets = expanded(specification.targets)
        features = expanded(specification.features)
        textFields = Set(specification.text?.fields ?? [])
        if let text = specification.text {
            features = text.fields
            featureKeys = (text.use.isTranslation ? ["source", "target"] : ["field"]).map { ["data", "text", $0] }
        } else {
            featureKeys = features.map { _ in ["data", "features"] }
        }
        order = if case .column(let name) = specification.split.order { name } else { nil }
        learnsFromTargets = specification.series != nil
        if specification.series != nil, features.isEmpty { features = targets }
        self.target = target
        hasClasses = if case .classes = target { !targets.isEmpty } else { false }
        normalizes = specification.normalize != .none
        types = specification.types
        cleaning = specification.cleaning
        namedColumns =
            [
                (["types"], types.keys.sorted()), (["clean", "columns"], cleaning.columns.keys.sorted()),
                (["clean", "clip"], cleaning.clip.keys.sorted()),
            ].flatMap { section, names in
                names.map { ($0, ["data"] + section + [$0]) }
            }
    }

    /// What the feature at a place is, in words, and where it is named.
    func naming(ofFeature place: Int) -> (words: String, key: [String]) {
        // A series without features learns from its targets.
        let key = featureKeys.indices.contains(place) ? featureKeys[place] : ["data", "target"]
        return (readsTexts ? "the column with the texts" : "the feature column", key)
    }

    /// The features are columns of texts.
    var readsTexts: Bool { !textFields.isEmpty }

    func content(of column: String) -> Content {
        if textFields.contains(column) { return .text }
        return Content(types[column])
    }

    func rule(for column: String) -> Cleaning.Missing { cleaning.rule(for: column) }
    /// Where in the job that is given.
    func ruleKey(for column: String) -> [String] { cleaning.key(for: column) }

    /// The columns that the job uses, and of JSON lines the fields; nil: all that have a name.
    var usedColumns: Set<String>? {
        features.isEmpty ? nil : Set(features + targets + namedColumns.map(\.name) + [order].compactMap(\.self))
    }

    /// Whether a missing value in some column takes its row away.
    var dropsRows: Bool { cleaning.missing == .drop || cleaning.columns.values.contains(.drop) }
    var dropsDuplicates: Bool { cleaning.duplicates == .drop }
}

extension TextForm {
    /// The columns or fields that hold the texts.
    var fields: [String] {
        switch use {
        case .classify(let field): [field]
        case .translate(let source, let target, _): [source, target]
        case .continueText: []
        }
    }
}
