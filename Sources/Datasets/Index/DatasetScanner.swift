internal import Digests
internal import Foundation

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
    private var rows: [DatasetIndex.Row] = []
    private var fingerprints: [Fingerprint] = []
    private var seen: Set<Fingerprint> = []
    private var orderKeys: [Double] = []
    private var rowsWithMissingValues = 0
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
        let header = try Header(reading: &reader, for: request)
        self.table = table
        self.request = request
        self.reader = reader
        self.header = header
        problems = header.problems
        features = header.features.map { column in
            let name = header.columns[column]
            return ColumnSurvey(name: name, content: request.content(of: name), rule: request.rule(for: name))
        }
        if request.hasClasses {
            targetClasses = ClassSurvey(name: request.targets.first ?? "")
        } else {
            targetNumbers = header.targets.map { ColumnSurvey(name: header.columns[$0]) }
        }
    }

    private mutating func scanRows() throws {
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
            problems.add(
                line: error.line,
                "a row of more than \(CSVFileReader.maximumRecordBytes >> 20) MiB: is a quote never closed?")
        }
        guard rows.isEmpty, !header.columns.isEmpty else { return }
        problems.add(
            rowsWithMissingValues > 0
                ? "no row is left: each of \(rowsWithMissingValues) has a missing value"
                : "the file has a header but no rows")
    }

    private mutating func scanRow() {
        let row = DatasetIndex.Row(
            offset: reader.offset, length: Int32(reader.length), line: Int32(clamping: reader.line))
        let line = reader.line
        if let defect = reader.defect {
            problems.add(line: line, defect.rawValue)
            return addBrokenRow(row)
        }
        guard reader.cellCount == header.columns.count else {
            let (found, expected) = (reader.cellCount, header.columns.count)
            problems.add(line: line, "expected \(expected) cells as in the header, found \(found)")
            return addBrokenRow(row)
        }
        guard !isDropped() else {
            rowsWithMissingValues += 1
            return
        }
        var fingerprint = Fingerprint()
        for column in header.features + header.targets { reader.withCell(column) { fingerprint.add($0.trimmed) } }
        if request.dropsDuplicates, !seen.insert(fingerprint).inserted {
            duplicateRows += 1
            return
        }
        rows.append(row)
        fingerprints.append(fingerprint)
        for (place, column) in header.features.enumerated() {
            reader.withCell(column) { features[place].add($0, line: line) }
        }
        for (place, column) in header.targets.enumerated() {
            reader.withCell(column) { cell in
                if targetNumbers.indices.contains(place) { targetNumbers[place].add(cell, line: line) }
                if place == 0 { targetClasses?.add(cell, line: line) }
            }
        }
        if let order = header.order { addOrderKey(order, line: line) }
    }

    /// A row that is no row, kept so that sizes are those of the file.
    private mutating func addBrokenRow(_ row: DatasetIndex.Row) {
        rows.append(row)
        fingerprints.append(Fingerprint())
        targetClasses?.addUnknown()
        if header.order != nil { orderKeys.append(0) }
    }

    /// Whether a value is missing in a column whose rule is to leave the row out.
    private mutating func isDropped() -> Bool {
        guard request.dropsRows else { return false }
        for column in header.features + header.targets where request.rule(for: header.columns[column]) == .drop {
            if reader.withCell(column, { CellValue($0).isMissingOrNaN }) { return true }
        }
        return false
    }

    private mutating func addOrderKey(_ column: Int, line: Int) {
        let key: Double? = reader.withCell(column) { cell in
            if case .number(let value) = CellValue(cell) { return value }
            return CalendarDate.days(cell.trimmed)
        }
        if key == nil {
            let excerpt = reader.withCell(column) { $0.excerpt }
            problems.add(
                line: line, column: header.columns[column],
                "'\(excerpt)' is neither a date nor a number, so the row has no place in the split's order")
        }
        orderKeys.append(key ?? 0)
    }

    private consuming func finish() throws -> Result {
        var problems = problems
        for survey in features { problems.add(survey.problems(mustBeNumbers: false)) }
        for survey in targetNumbers { problems.add(survey.problems(mustBeNumbers: true)) }
        if let targetClasses { problems.add(targetClasses.problems) }
        let classes = targetClasses?.finish()
        let found = try reader.finish()
        let (digest, bytes) = table.original ?? found
        let index = DatasetIndex(
            digest: digest, bytes: bytes, columns: header.columns,
            features: zip(header.features, features).map {
                DatasetIndex.Feature(name: $1.name, column: $0, type: $1.type)
            },
            targets: header.targets, rows: rows, classes: classes?.classes ?? [], rowClasses: classes?.rows ?? [],
            fingerprints: fingerprints, orderKeys: orderKeys, rowsWithMissingValues: rowsWithMissingValues,
            duplicateRows: duplicateRows)
        return Result(index: index, problems: problems)
    }
}
