internal import Digests
internal import Foundation

/// Makes CSV text of JSON lines. The columns are the fields of the first line, or those that a job names; a list becomes
/// a column for each element, `name[0]` and so on.
struct JSONLinesConverter: ~Copyable {
    private let spool: TemporaryFile
    private let wanted: Set<String>
    private var columns: [String] = []
    /// Where the columns of a field begin, and how many a list has.
    private var fields: [String: (first: Int, count: Int?)] = [:]
    private var cells: [[UInt8]] = []
    private var record: [UInt8] = []
    private var isFirst = true

    static func convert(_ url: URL, wanted: [String], _ problems: inout ProblemList) throws -> TableFile {
        var converter = JSONLinesConverter(spool: try TemporaryFile(), wanted: Set(wanted))
        var reader = try LineReader(url)
        do {
            // The reader cannot be asked for the line while it gives one away.
            var line = 0
            while try reader.next({ text in
                line += 1
                try converter.add(text, line: line, &problems)
            }) {}
        } catch let error as RecordTooLong {
            problems.add(line: error.line, "a line of more than \(LineReader.maximumLineBytes >> 20) MiB")
        }
        try converter.spool.flush()
        let original = try reader.finish()
        return TableFile(spool: converter.spool, original: original, expansions: converter.expansions)
    }

    private init(spool: TemporaryFile, wanted: Set<String>) {
        self.spool = spool
        self.wanted = wanted
    }

    private var expansions: [String: [String]] {
        fields.compactMapValues { place in
            place.count.map { Array(columns[place.first..<place.first + $0]) }
        }
    }

    private mutating func add(_ text: UnsafeRawBufferPointer, line: Int, _ problems: inout ProblemList) throws {
        guard !text.trimmed.isEmpty else {
            // The CSV reader tells of an empty line in the midst of others, and counts it.
            if isFirst { problems.add(line: line, "the line is empty") } else { try write([]) }
            return
        }
        let found: [(name: String, value: JSONLineParser.Value)]
        do throws(JSONLineParser.Defect) {
            found = try JSONLineParser.fields(of: text)
        } catch {
            problems.add(line: line, error.message)
            if !isFirst { try write([]) }
            return
        }
        if isFirst { try begin(found) }
        for index in cells.indices { cells[index].removeAll(keepingCapacity: true) }
        var seen: Set<String> = []
        for (name, value) in found {
            if !seen.insert(name).inserted { problems.add(line: line, column: name, "the field comes twice") }
            place(value, of: name, line: line, &problems)
        }
        try write(cells)
    }

    /// Takes the columns from the first line: a field that it lacks is not made up, and the check of the header names it.
    private mutating func begin(_ found: [(name: String, value: JSONLineParser.Value)]) throws {
        isFirst = false
        for (name, value) in found where fields[name] == nil && (wanted.isEmpty || wanted.contains(name)) {
            switch value {
            case .cell:
                fields[name] = (columns.count, nil)
                columns.append(name)
            case .list(let list):
                fields[name] = (columns.count, list.count)
                columns += list.indices.map { "\(name)[\($0)]" }
            }
        }
        cells = columns.map { _ in [] }
        try write(columns.map { Array($0.utf8) })
    }

    private mutating func place(
        _ value: JSONLineParser.Value, of name: String, line: Int, _ problems: inout ProblemList
    ) {
        guard let field = fields[name] else {
            if wanted.isEmpty { problems.add(line: line, column: name, "the first line has no such field") }
            return
        }
        switch (value, field.count) {
        case (.cell(let cell), nil): cells[field.first] = cell
        case (.list(let list), let count?) where list.count == count:
            for (index, cell) in list.enumerated() { cells[field.first + index] = cell }
        case (.list(let list), let count?):
            problems.add(line: line, column: name, "a list of \(list.count), where the first line has \(count)")
        case (.list, nil): problems.add(line: line, column: name, "a list, where the first line has one value")
        case (.cell, .some): problems.add(line: line, column: name, "one value, where the first line has a list")
        }
    }

    private mutating func write(_ cells: [[UInt8]]) throws {
        record.removeAll(keepingCapacity: true)
        for (index, cell) in cells.enumerated() {
            if index > 0 { record.append(UInt8(ascii: ",")) }
            // A record of one empty cell would be an empty line.
            guard cell.contains(where: Self.needsQuotes) || (cells.count == 1 && cell.isEmpty) else {
                record += cell
                continue
            }
            record.append(UInt8(ascii: "\""))
            for byte in cell {
                if byte == UInt8(ascii: "\"") { record.append(byte) }
                record.append(byte)
            }
            record.append(UInt8(ascii: "\""))
        }
        record.append(UInt8(ascii: "\n"))
        try record.withUnsafeBytes { try spool.append($0) }
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
    }
}
