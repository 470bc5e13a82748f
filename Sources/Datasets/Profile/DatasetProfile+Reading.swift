import Digests
public import Foundation
import Explanations

extension DatasetProfile {
    /// More columns are not profiled one by one.
    static let maximumColumns = 1_000

    /// Reads a file, or a folder of pictures, in two passes and in memory that does not grow with it. What it is follows
    /// from its name: `.csv`, `.jsonl`, `.ndjson` or `.json`, `.npy`, `.npz`, `.txt`; a name with `idx` in it, or a folder.
    ///
    /// Throws `DataFileError` or a `DatasetReport`.
    public init(of url: URL) throws {
        let path = url.path(percentEncoded: false)
        do {
            let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
            switch isFolder ? .images : Self.format(ofFile: url.lastPathComponent) {
            case .images: try self.init(pictures: url)
            case .csv: try self.init(table: url, format: .csv)
            case .jsonl: try self.init(table: url, format: .jsonl)
            case .npy: try self.init(array: try NumberFile.npy(url), of: url, format: .npy)
            case .npz: try self.init(archive: url)
            case .idx: try self.init(array: try NumberFile.idx(url), of: url, format: .idx)
            case .text: try self.init(text: url)
            }
        } catch let error as ArrayError {
            throw DatasetReport(file: path, problems: [.init(message: error.message)], total: 1)
        } catch let error as RecordTooLong {
            throw DatasetReport(file: path, problems: [.init(line: error.line, message: error.message)], total: 1)
        }
    }

    private static func format(ofFile name: String) -> DataSpecification.Format {
        if let named = DataSpecification.Format(ofFile: name) { return named }
        if name.lowercased().contains("idx") { return .idx }
        return DataSpecification.Format.isForReading(name) ? .text : .csv
    }

    init(
        _ url: URL, _ format: DataSpecification.Format, digest: ContentDigest, bytes: Int, rows: Int,
        columns: [Column], correlations: Correlations? = nil, notes: [String] = []
    ) {
        self.init(
            file: url.path(percentEncoded: false), format: format, bytes: bytes, digest: digest.description, rows: rows,
            columns: columns, correlations: correlations, notes: notes)
    }

    private init(table url: URL, format: DataSpecification.Format) throws {
        var problems = ProblemList()
        let table = try TableFile.open(url, format: format, wanted: nil, &problems)
        var reader = try table.reader()
        var names: [String] = []
        if try reader.next() {
            names = (0..<reader.cellCount).map { reader.withCell($0) { String(decoding: $0.trimmed, as: UTF8.self) } }
            if let form = reader.otherSeparator {
                problems.add(line: 1, "the header \(form)")
            } else if let problem = reader.problem {
                problems.add(line: 1, "\(problem.message) in the header")
            }
            if names.count == 1, let form = TableForm.otherSeparator(in: names[0]) {
                problems.add(line: 1, "the header \(form)")
            }
            for index in 0..<reader.cellCount where !reader.isQuoted(index) {
                guard reader.withCell(index, { $0.contains(UInt8(ascii: "\r")) }) else { continue }
                problems = ProblemList()
                problems.add(line: 1, TableForm.returnsAlone)
            }
        }
        guard !names.isEmpty, problems.isEmpty else {
            if problems.isEmpty { problems.add("the file is empty: expected a header and rows") }
            throw problems.report(file: url.path(percentEncoded: false))
        }
        var notes: [String] = []
        if !table.isConverted, TableForm.isRow(names) { notes.append("1 \(TableForm.headerOfNumbers)") }
        if names.count > Self.maximumColumns {
            notes.append("the first \(Self.maximumColumns) of \(names.count) columns are shown")
        }
        var profilers = names.prefix(Self.maximumColumns).map { ColumnProfiler(name: $0) }
        var rows = 0
        var broken = 0
        var firstBroken: Int?
        while try reader.next() {
            guard !reader.isBlank else { continue }
            if reader.defect == .notUTF8, let problem = reader.problem {
                let column = problem.cell.flatMap { names.indices.contains($0) ? names[$0] : nil }
                problems.add(line: reader.line, column: column, problem.message)
            }
            guard reader.defect == nil, reader.cellCount == names.count else {
                broken += 1
                firstBroken = firstBroken ?? reader.line
                continue
            }
            rows += 1
            for index in profilers.indices {
                let isQuoted = reader.isQuoted(index)
                reader.withCell(index) { profilers[index].add($0, isQuoted: isQuoted) }
            }
        }
        if rows == 0, problems.isEmpty {
            problems.add(
                line: firstBroken,
                firstBroken == nil
                    ? "the file has a header but no rows"
                    : "no line is a row of \(counted(names.count, "cell")) as in the header")
        }
        guard problems.isEmpty else { throw problems.report(file: url.path(percentEncoded: false)) }
        if broken > 0 {
            notes.append(
                "\(counted(broken, "line is no row", "lines are no rows")) of \(counted(names.count, "cell")) and "
                    + (broken == 1 ? "was left out" : "were left out"))
        }
        let found = try reader.finish()

        let numeric = Array(profilers.indices.filter { profilers[$0].isNumber }.prefix(CorrelationSums.maximumColumns))
        var sums = CorrelationSums(means: numeric.map { profilers[$0].mean })
        var row = [Double](repeating: .nan, count: names.count)
        reader = try table.reader()
        _ = try reader.next()
        while try reader.next() {
            guard !reader.isBlank, reader.defect == nil, reader.cellCount == names.count else { continue }
            for index in profilers.indices {
                row[index] = reader.withCell(index) { cell in
                    if case .number(let value) = CellValue(cell) { value } else { Double.nan }
                }
                profilers[index].addToHistogram(row[index])
            }
            sums.add(numeric.map { row[$0] })
        }
        notes += profilers.compactMap(\.note)
        let correlations = Correlations(names: numeric.map { names[$0] }, values: sums.values())
        self.init(
            url, format, digest: table.original?.digest ?? found.digest, bytes: table.original?.bytes ?? found.bytes,
            rows: rows, columns: profilers.indices.map { profilers[$0].finish() },
            correlations: numeric.count > 1 ? correlations : nil, notes: notes)
    }
}
