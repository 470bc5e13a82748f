import Explanations

/// The first record of a table, held against what the job asks for.
struct Header {
    private(set) var columns: [String] = []
    /// Indices of the feature columns, in the order of the job.
    private(set) var features: [Int] = []
    private(set) var targets: [Int] = []
    /// The column that the split orders rows by.
    private(set) var order: Int?
    private(set) var problems = ProblemList()
    /// Of JSON lines, with the fields that the job wants alone.
    private let isConverted: Bool

    /// Throws what the file system says; all else is a problem.
    init(reading reader: inout CSVFileReader, for request: TableRequest, isConverted: Bool = false) throws {
        self.isConverted = isConverted
        do {
            guard try reader.next(), !reader.isBlank else {
                problems.add("the file is empty: expected a header and rows")
                return
            }
        } catch let error as RecordTooLong {
            problems.add(line: error.line, "the header is longer than \(CSVFileReader.maximumRecordBytes >> 20) MiB")
            return
        }
        if let form = reader.otherSeparator {
            problems.add(line: 1, "the header \(form)")
            return
        }
        if let problem = reader.problem { problems.add(line: 1, "\(problem.message) in the header") }
        for index in 0..<reader.cellCount {
            let (name, hasReturn) = reader.withCell(index) {
                (String(decoding: $0.trimmed, as: UTF8.self), $0.contains(UInt8(ascii: "\r")))
            }
            columns.append(name)
            if hasReturn, !reader.isQuoted(index) {
                problems.add(line: 1, TableForm.returnsAlone)
                // Whatever else would be said of the columns would be wrong.
                columns = []
                return
            }
        }
        if columns.count == 1, !request.targets.contains(columns[0]),
            let form = TableForm.otherSeparator(in: columns[0])
        {
            problems.add(line: 1, "the header \(form)")
            columns = []
            return
        }
        checkNames(used: request.usedColumns)
        targets = request.targets.compactMap { find($0, wanted: "the target column", by: ["data", "target"]) }
        order = request.order.flatMap { find($0, wanted: "the column to split by", by: ["data", "split", "by"]) }
        if request.features.isEmpty {
            features = columns.indices.filter { !targets.contains($0) && $0 != order }
        } else {
            features = request.features.enumerated().compactMap { place, name in
                let naming = request.naming(ofFeature: place)
                return find(name, wanted: naming.words, by: naming.key)
            }
        }
        for target in targets where features.contains(target) && !request.learnsFromTargets {
            problems.add(
                line: 1, column: columns[target], key: ["data", "target"],
                request.readsTexts
                    ? "the target is also the column with the texts: data.text.field names another one"
                    : "the target is also named as a feature")
        }
        if targets.count == request.targets.count, features.isEmpty {
            problems.add(line: 1, "no column is left to learn from")
        }
        for (name, key) in request.namedColumns where !columns.contains(name) {
            _ = find(name, wanted: "the column", by: key)
        }
    }

    /// A column that a job does not use may be called as it likes.
    private mutating func checkNames(used: Set<String>?) {
        let remedy = "name the columns to use in data.features"
        var seen: Set<String> = []
        for (index, name) in columns.enumerated() {
            if name.isEmpty {
                guard used == nil else { continue }
                let cause =
                    switch index {
                    case 0: " (the index that pandas writes, perhaps, which `to_csv(index=False)` leaves out)"
                    case columns.count - 1: " (the header ends with a comma)"
                    default: ""
                    }
                problems.add(
                    line: 1, key: ["data", "features"],
                    "column \(index + 1) has no name\(cause): give it one, or \(remedy)")
            } else if !seen.insert(name).inserted, used?.contains(name) ?? true {
                problems.add(
                    line: 1, column: name, key: used == nil ? ["data", "features"] : [],
                    "two columns have this name: give one of them another"
                        + (used == nil ? ", or, if it is not to be learned from, \(remedy)" : ""))
            }
        }
    }

    /// Of JSON lines: how a list and its columns are named, where the name is of the other.
    private func listHint(for name: String) -> String {
        let elements = columns.filter { $0.hasPrefix("\(name)[") && $0.hasSuffix("]") }
        if !elements.isEmpty { return " that has one value: it is a list, whose columns are \(elements.listed)" }
        guard name.hasSuffix("]"), let bracket = name.lastIndex(of: "["), bracket > name.startIndex else { return "" }
        return ": where '\(name[..<bracket])' is a list, name that, which stands for all of its columns"
    }

    private func absence(of name: String) -> String {
        guard !isConverted else { return "no field of the first line\(listHint(for: name))" }
        guard !TableForm.isRow(columns) else {
            return "not in the header, which holds numbers alone: if it is a row, put a line with the names of the "
                + "columns before it"
        }
        if let near = nearestWord(to: name, in: columns) { return "not in the header: did you mean '\(near)'?" }
        return "not in the header, which has \(columns.listed)"
    }

    private mutating func find(_ name: String, wanted: String, by key: [String]) -> Int? {
        if let index = columns.firstIndex(of: name) { return index }
        let absence = absence(of: name)
        problems.add(line: 1, key: key, "\(wanted) '\(name)' is \(absence)")
        return nil
    }
}
