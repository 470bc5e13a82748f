internal import Digests
internal import Foundation

/// Makes the index of a data file in one pass, and finds what is wrong with its cells on the way.
struct DatasetScanner: ~Copyable {
    private let specification: DataSpecification
    private var reader: CSVFileReader
    private var header: Header
    private var features: [ColumnSurvey] = []
    /// One of the two surveys the target.
    private var targetNumbers: ColumnSurvey?
    private var targetClasses: ClassSurvey?
    private var rows: [DatasetIndex.Row] = []
    private var problems: ProblemList

    /// What one pass found. The index is as good as the data is: with problems it must not be used for more than
    /// finding further ones.
    struct Result {
        var index: DatasetIndex
        var problems: ProblemList
    }

    static func scan(_ file: URL, for specification: DataSpecification, target: TargetRequirement) throws -> Result {
        var scanner = try DatasetScanner(file, for: specification, target: target)
        try scanner.scanRows()
        return try scanner.finish()
    }

    private init(_ file: URL, for specification: DataSpecification, target: TargetRequirement) throws {
        var reader = try CSVFileReader(file)
        let header = try Header(reading: &reader, for: specification)
        self.specification = specification
        self.reader = reader
        self.header = header
        problems = header.problems
        features = header.features.map { ColumnSurvey(name: header.columns[$0]) }
        switch target {
        case .number: targetNumbers = ColumnSurvey(name: specification.target)
        case .classes: targetClasses = ClassSurvey(name: specification.target)
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
        if rows.isEmpty, !header.columns.isEmpty { problems.add("the file has a header but no rows") }
    }

    private mutating func scanRow() {
        rows.append(
            DatasetIndex.Row(offset: reader.offset, length: Int32(reader.length), line: Int32(clamping: reader.line)))
        let line = reader.line
        if let defect = reader.defect {
            problems.add(line: line, defect.rawValue)
            targetClasses?.addUnknown()
            return
        }
        guard reader.cellCount == header.columns.count else {
            let (found, expected) = (reader.cellCount, header.columns.count)
            problems.add(line: line, "expected \(expected) cells as in the header, found \(found)")
            targetClasses?.addUnknown()
            return
        }
        for (place, column) in header.features.enumerated() {
            reader.withCell(column) { features[place].add($0, line: line) }
        }
        if let target = header.target {
            reader.withCell(target) {
                targetNumbers?.add($0, line: line)
                targetClasses?.add($0, line: line)
            }
        }
    }

    private consuming func finish() throws -> Result {
        var problems = problems
        for survey in features { problems.add(survey.problems(mustBeNumbers: false)) }
        if let targetNumbers { problems.add(targetNumbers.problems(mustBeNumbers: true)) }
        if let targetClasses { problems.add(targetClasses.problems) }
        let classes = targetClasses?.finish()
        let (digest, bytes) = try reader.finish()
        let index = DatasetIndex(
            digest: digest, bytes: bytes, columns: header.columns,
            features: zip(header.features, features).map {
                DatasetIndex.Feature(name: $1.name, column: $0, isCategory: $1.isCategory)
            },
            target: header.target ?? 0, rows: rows, classes: classes?.classes ?? [], rowClasses: classes?.rows ?? [])
        return Result(index: index, problems: problems)
    }
}
