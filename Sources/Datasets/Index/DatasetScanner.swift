import Digests
import Foundation
import Explanations

/// Makes the index of a table in one pass, and finds what is wrong with its cells on the way.
struct DatasetScanner: ~Copyable {
    private let table: TableFile
    private let request: TableRequest
    private var reader: CSVFileReader
    private let header: Header
    private var features: [ColumnSurvey] = []
    /// One or the other surveys the targets.
    private var targetNumbers: [ColumnSurvey] = []
    private var targetClasses: ClassSurvey?
    private var distributions: DistributionSurvey
    private var targetValues: [Double] = []
    private var rows: [DatasetIndex.Row] = []
    private var fingerprints: [Fingerprint] = []
    private var seen: Set<Fingerprint> = []
    private var orderKeys: [Double] = []
    private var dropped = DroppedRows()
    private var duplicateRows = 0
    private var problems: ProblemList

    /// What one pass found. The index is as good as the data is: with problems it must not be used for more than
    /// finding further ones.
    struct Result {
        var index: DatasetIndex
        var problems: ProblemList
    }

    static func scan(_ table: TableFile, for request: TableRequest) throws -> Result {
        var scanner = try DatasetScanner(table, for: request)
        try scanner.scanRows()
        return try scanner.finish()
    }

    private init(_ table: TableFile, for request: TableRequest) throws {
        var reader = try table.reader()
        let header = try Header(reading: &reader, for: request, isConverted: table.isConverted)
        self.table = table
        self.request = request
        self.reader = reader
        self.header = header
        problems = header.problems
        distributions = DistributionSurvey(request.target)
        features = header.features.map { column in
            let name = header.columns[column]
            return ColumnSurvey(
                name: name, content: request.content(of: name), rule: request.rule(for: name), ids: request.ids)
        }
        if request.hasClasses {
            let names = header.targets.map { header.columns[$0] }
            targetClasses = ClassSurvey(
                names: names, content: request.content(of: names.first ?? ""),
                ruleKeys: names.map(request.ruleKey(for:)))
            checkTypes(ofTargets: names)
        } else {
            targetNumbers = header.targets.map { column in
                let name = header.columns[column]
                return ColumnSurvey(
                    name: name, fillKey: request.rule(for: name).fills ? request.ruleKey(for: name) : nil)
            }
        }
    }

    /// Classes that the target columns have in common are texts in all of them or in none.
    private mutating func checkTypes(ofTargets names: [String]) {
        guard let declared = names.first(where: { request.content(of: $0).isText }),
            let other = names.first(where: { !request.content(of: $0).isText })
        else { return }
        problems.add(
            key: ["data", "types"],
            "'\(declared)' is declared as category and '\(other)' is not, but the classes are those of all target columns: "
                + "declare all of them, or none")
    }

    private mutating func scanRows() throws {
        // Rows of a header that was not understood are none.
        guard !header.columns.isEmpty else { return }
        var blankLines: [Int] = []
        do {
            while try reader.next() {
                if reader.isBlank {
                    // Fine at the end of the file, so told of only when a row follows.
                    if blankLines.count < DatasetReport.maximumProblems { blankLines.append(reader.line) }
                    continue
                }
                for line in blankLines { problems.add(line: line, "the line is empty") }
                blankLines.removeAll()
                scanRow()
            }
        } catch let error as RecordTooLong {
            problems.add(line: error.line, error.message)
        }
        guard rows.isEmpty, !header.columns.isEmpty else { return }
        problems.add(
            dropped.count > 0
                ? "no row is left: each of \(dropped.count) has a missing value"
                : "the file has a header but no rows")
    }

    private mutating func scanRow() {
        let row = DatasetIndex.Row(
            offset: reader.offset, length: Int32(reader.length), line: Int32(clamping: reader.line))
        let line = reader.line
        if let problem = reader.problem {
            let columns = header.columns
            let column = problem.cell.flatMap { columns.indices.contains($0) ? columns[$0] : nil }
            problems.add(line: line, column: column, problem.message)
            return addBrokenRow(row)
        }
        guard reader.cellCount == header.columns.count else {
            let (found, expected) = (reader.cellCount, header.columns.count)
            let comma = header.columns.last == "" && found == expected - 1 ? ", which ends with a comma" : ""
            problems.add(line: line, "expected \(counted(expected, "cell")) as in the header\(comma), found \(found)")
            return addBrokenRow(row)
        }
        guard !isDropped(line: line) else { return }
        var fingerprint = Fingerprint()
        for column in header.features + header.targets { reader.withCell(column) { fingerprint.add($0.trimmed) } }
        if request.dropsDuplicates, !seen.insert(fingerprint).inserted {
            duplicateRows += 1
            return
        }
        rows.append(row)
        fingerprints.append(fingerprint)
        for (place, column) in header.features.enumerated() {
            let isQuoted = reader.isQuoted(column)
            reader.withCell(column) { features[place].add($0, isQuoted: isQuoted, line: line) }
        }
        for (place, column) in header.targets.enumerated() {
            let isQuoted = reader.isQuoted(column)
            reader.withCell(column) { cell in
                if targetNumbers.indices.contains(place) {
                    targetNumbers[place].add(cell, isQuoted: isQuoted, line: line)
                }
                targetClasses?.add(cell, ofTarget: place, isQuoted: isQuoted, line: line)
            }
        }
        if distributions.isNeeded { addDistribution(line: line) }
        if let order = header.order { addOrderKey(order, line: line) }
    }

    /// Cells that are no numbers are told of where columns are.
    private mutating func addDistribution(line: Int) {
        targetValues.removeAll(keepingCapacity: true)
        for column in header.targets {
            reader.withCell(column) { if case .number(let value) = CellValue($0) { targetValues.append(value) } }
        }
        if targetValues.count == header.targets.count { distributions.add(targetValues, line: line) }
    }

    /// A row that is no row, kept so that sizes are those of the file.
    private mutating func addBrokenRow(_ row: DatasetIndex.Row) {
        rows.append(row)
        fingerprints.append(Fingerprint())
        targetClasses?.addUnknown()
        if header.order != nil { orderKeys.append(0) }
    }

    /// Whether a value is missing in a column whose rule is to leave the row out.
    private mutating func isDropped(line: Int) -> Bool {
        guard request.dropsRows else { return false }
        for (place, column) in (header.features + header.targets).enumerated() {
            let name = header.columns[column]
            guard request.rule(for: name) == .drop else { continue }
            let content = request.content(of: name)
            let isQuoted = reader.isQuoted(column)
            let isMissing = reader.withCell(column) { cell in
                guard content.value(of: cell, isQuoted: isQuoted).isMissingOrNaN else { return false }
                dropped.add(cell, column: name, line: line)
                if features.indices.contains(place) { features[place].addDropped(cell, line: line) }
                return true
            }
            if isMissing { return true }
        }
        return false
    }

    private mutating func addOrderKey(_ column: Int, line: Int) {
        let key = reader.withCell(column) { OrderKey.value(of: $0) }
        if key == nil {
            let message = reader.withCell(column) { OrderKey.message($0) }
            problems.add(
                line: line, column: header.columns[column],
                "\(message)in the split's order")
        }
        orderKeys.append(key ?? 0)
    }

    private consuming func finish() throws -> Result {
        var problems = problems
        // What is learned from and learned is told of once, as what is learned.
        for (survey, column) in zip(features, header.features)
        where targetNumbers.isEmpty || !header.targets.contains(column) {
            problems.add(survey.problems(mustBeNumbers: false))
        }
        for survey in features { problems.add(survey.wrongIDs) }
        for survey in targetNumbers { problems.add(survey.problems(mustBeNumbers: true)) }
        if let targetClasses { problems.add(targetClasses.problems) }
        problems.add(distributions.problems)
        let classes = targetClasses?.finish()
        let notes = notes
        let targetIsConstant = targetNumbers.count == 1 && targetNumbers[0].isConstant
        let found = try reader.finish()
        let (digest, bytes) = table.original ?? found
        let index = DatasetIndex(
            digest: digest, bytes: bytes, columns: header.columns,
            features: zip(header.features, features).map {
                DatasetIndex.Feature(
                    name: $1.name, column: $0, type: $1.type, needsOrigin: $1.precision.isFarFromZero)
            },
            targets: header.targets, rows: rows, classes: classes?.classes ?? [], rowClasses: classes?.rows ?? [],
            fingerprints: fingerprints, orderKeys: orderKeys, notes: notes, targetIsConstant: targetIsConstant)
        return Result(index: index, problems: problems)
    }

    private var notes: [DataPlan.Note] {
        var notes: [DataPlan.Note] = []
        if dropped.count > 0 { notes.append(dropped.note) }
        if duplicateRows > 0 {
            notes.append(
                .init(kind: .duplicates, count: duplicateRows, message: DroppedRows.duplicates(duplicateRows)))
        }
        if let unlabelled = targetClasses?.rowsWithoutLabel, unlabelled > 0 {
            notes.append(
                .init(
                    kind: .unlabelled, count: unlabelled,
                    message: unlabelled == 1
                        ? "row has the label -1, which is no class, and counts for nothing"
                        : "rows have the label -1, which is no class, and count for nothing"))
        }
        if let targetClasses, case let respelt = targetClasses.respelt, respelt.count > 0 {
            let remedy = "set \(targetClasses.typeSetting) to category"
            notes.append(
                .init(
                    kind: .writtenNumbers, count: respelt.count,
                    message: respelt.count == 1
                        ? "spelling of a class's number is taken for the same class as another; if it is one of its own, "
                            + remedy
                        : "spellings of classes' numbers are taken for the same classes as others; if they are classes of "
                            + "their own, \(remedy)",
                    examples: respelt.examples))
        }
        let isNormalized = request.normalizes
        for (survey, isTarget) in features.map({ ($0, false) }) + targetNumbers.map({ ($0, true) }) {
            notes += survey.notes
            if survey.precision.losesAsRead {
                notes.append(
                    .init(
                        kind: .precision, count: 1,
                        message:
                            "column loses values: different numbers of '\(survey.name)' are the same as 64-bit floats: "
                            + "write them with a number near them subtracted, or as categories where they are names"))
                continue
            }
            guard survey.precision.isWorthAWarning, survey.type == .number || survey.type == .date else { continue }
            guard isTarget || !isNormalized || !survey.precision.isFarFromZero else { continue }
            let remedy =
                isTarget || isNormalized ? "subtract a number near them" : "set data.normalize, which subtracts first"
            notes.append(
                .init(
                    kind: .precision, count: 1,
                    message:
                        "column loses values: different numbers of '\(survey.name)' are the same as 32-bit floats: "
                        + remedy))
        }
        if !table.isConverted, TableForm.isRow(header.columns) {
            notes.append(.init(kind: .header, count: 1, message: TableForm.headerOfNumbers))
        }
        let constant = features.filter(\.isConstant).map { "'\($0.name)'" }
        if !constant.isEmpty {
            notes.append(
                .init(
                    kind: .constant, count: constant.count,
                    message: constant.count == 1
                        ? "column holds the same value in every row, so nothing can be learned from it"
                        : "columns hold the same value in every row, so nothing can be learned from them",
                    examples: DataPlan.Note.examples(Array(constant.prefix(5)), of: constant.count)))
        }
        return notes
    }
}
