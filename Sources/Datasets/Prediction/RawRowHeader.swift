import Explanations

/// Which cells of a table's records a model reads.
struct RawRowHeader {
    /// Of all columns of the table.
    let names: [String]
    /// Of the columns that the model reads, in its order; nil where an optional one is not there.
    let places: [Int?]
    /// Of the column that rows are put in order by; nil where there is none.
    let order: Int?

    /// Where the model names what it reads, columns are found by these names and others are passed over; else a column is a
    /// feature, and those in `dropped` are left out. Throws `RawRowError`.
    ///
    /// - Parameter optional: columns that the table may lack, unless one of a similar name stands for them.
    init(
        _ cells: [String], hasReturn: Bool, columns: [String]?, optional: Set<String>, width: Int,
        dropping dropped: [String], order: String?, file: String
    ) throws(RawRowError) {
        let names = cells.map { cell in
            var cell = cell
            return cell.withUTF8 { String(decoding: UnsafeRawBufferPointer($0).trimmed, as: UTF8.self) }
        }
        func refuse(_ message: String) -> RawRowError { RawRowError(file: file, message: message) }
        // In quotes it is a part of a name.
        if hasReturn { throw refuse(TableForm.returnsAlone) }
        if names.count == 1, width > 1, let form = TableForm.otherSeparator(in: names[0]) {
            throw refuse("the header \(form)")
        }
        for name in dropped where !names.contains(name) {
            throw refuse("no column '\(name)' to drop: its columns are \(names.listed)")
        }
        for name in dropped where columns?.contains(name) == true {
            throw refuse("the model reads the column '\(name)', which --drop leaves out")
        }
        self.names = names
        self.order = order.flatMap { names.firstIndex(of: $0) }
        guard let columns else {
            guard !TableForm.isRow(names) else {
                throw refuse(
                    "the first line holds numbers, and would be passed over as a header: put a line with a name for each "
                        + "column before it")
            }
            places = names.indices.filter { !dropped.contains(names[$0]) }
            guard places.count == width else {
                throw refuse(
                    "the model takes \(counted(width, "column")), the file has \(places.count); leave out what is no feature "
                        + "(the target, say) with --drop COLUMN")
            }
            return
        }
        let found = Dictionary(grouping: names.indices) { names[$0] }
        var places: [Int?] = []
        for column in columns {
            let found = found[column] ?? []
            if found.isEmpty, optional.contains(column) {
                let strangers = names.filter { !columns.contains($0) && !dropped.contains($0) }
                if let meant = strangers.first(where: { MisspelledName.meaning(of: $0, in: [column]) != nil }) {
                    throw refuse(
                        "no column '\(column)', which the model reads: is it '\(meant)'? Where it is not, leave that out with "
                            + "--drop")
                }
                places.append(nil)
                continue
            }
            guard let place = found.first, !dropped.contains(column) else {
                let read = Set(columns)
                let near = nearestWord(to: column, in: names.filter { !read.contains($0) && !$0.isEmpty })
                throw refuse(
                    "no column '\(column)', which the model reads: "
                        + (near.map { "is it '\($0)'?" } ?? "its columns are \(names.listed)\(Self.hint(for: names))"))
            }
            guard found.count == 1 else { throw refuse("two columns are called '\(column)', which the model reads") }
            places.append(place)
        }
        self.places = places
    }

    /// What to do where a first line that holds numbers is a row.
    private static func hint(for names: [String]) -> String {
        guard names.contains(where: { Double($0) != nil }) else { return "" }
        return
            "; the first line of a table is its header: where this one has none, put a line with the names of its columns "
            + "before it"
    }
}
