internal import Spelling

/// The first record of a table, held against what the job asks for.
struct Header {
    private(set) var columns: [String] = []
    /// Indices of the feature columns, in the order of the job.
    private(set) var features: [Int] = []
    private(set) var targets: [Int] = []
    /// The column that the split orders rows by.
    private(set) var order: Int?
    private(set) var problems = ProblemList()

    /// Throws what the file system says; all else is a problem.
    init(reading reader: inout CSVFileReader, for request: TableRequest) throws {
        do {
            guard try reader.next(), !reader.isBlank else {
                problems.add("the file is empty: expected a header and rows")
                return
            }
        } catch let error as RecordTooLong {
            problems.add(line: error.line, "the header is longer than \(CSVFileReader.maximumRecordBytes >> 20) MiB")
            return
        }
        if let defect = reader.defect { problems.add(line: 1, "\(defect.rawValue) in the header") }
        for index in 0..<reader.cellCount {
            columns.append(reader.withCell(index) { String(decoding: $0.trimmed, as: UTF8.self) })
        }
        checkNames()
        targets = request.targets.compactMap { find($0, wanted: "the target column") }
        order = request.order.flatMap { find($0, wanted: "the column to split by") }
        if request.features.isEmpty {
            features = columns.indices.filter { !targets.contains($0) && $0 != order }
        } else {
            features = request.features.compactMap { find($0, wanted: "the feature column") }
        }
        for target in targets where features.contains(target) && !request.learnsFromTargets {
            problems.add(line: 1, column: columns[target], "the target is also named as a feature")
        }
        if targets.count == request.targets.count, features.isEmpty {
            problems.add(line: 1, "no column is left to learn from")
        }
        for name in request.namedColumns where !columns.contains(name) {
            _ = find(name, wanted: "the column")
        }
    }

    private mutating func checkNames() {
        var seen: Set<String> = []
        for (index, name) in columns.enumerated() {
            if name.isEmpty {
                problems.add(line: 1, "column \(index + 1) has no name")
            } else if !seen.insert(name).inserted {
                problems.add(line: 1, column: name, "two columns have this name")
            }
        }
    }

    private mutating func find(_ name: String, wanted: String) -> Int? {
        if let index = columns.firstIndex(of: name) { return index }
        var message = "\(wanted) '\(name)' is not in the header"
        if let near = nearestWord(to: name, in: columns) {
            message += ": did you mean '\(near)'?"
        } else if columns.count == 1, columns[0].contains(where: { ";\t|".contains($0) }) {
            message += ", which has one column only: cells must be separated by commas"
        } else {
            message += ", which has \(columns.listed)"
        }
        problems.add(line: 1, message)
        return nil
    }
}
