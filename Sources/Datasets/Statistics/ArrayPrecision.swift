/// Whether different numbers of an array become one as 32-bit floats. They are rounded as they are read, before anything
/// else is done with them, so whoever writes the array has to see to it.
struct ArrayPrecision {
    /// The columns of wider arrays are looked at several together.
    private static let maximumGroups = 4_096
    /// Numbers that are kept to compare others with, over all columns.
    private static let maximumKept = 1 << 20

    private let file: NumberFile
    private let columnsOfGroup: Int
    /// Of neighbouring columns; empty where no kind of number in the array can lose anything.
    private var groups: [FloatPrecision] = []

    init(_ file: NumberFile) {
        self.file = file
        columnsOfGroup = (file.columns - 1) / Self.maximumGroups + 1
        guard file.header.element.isFinerThanFloat else { return }
        let count = (file.columns - 1) / columnsOfGroup + 1
        let kept = min(FloatPrecision.standardKept, Self.maximumKept / count)
        groups = (0..<count).map { _ in FloatPrecision(keeping: kept) }
    }

    /// The bytes of one row.
    mutating func add(_ row: UnsafeRawBufferPointer) {
        guard !groups.isEmpty else { return }
        for index in 0..<file.columns {
            groups[index / columnsOfGroup].add(file.value(in: row, at: index)) {
                file.wholeNumber(in: row, at: index)
            }
        }
    }

    /// - Parameter what: of the array, for messages: "the features".
    func notes(of what: String) -> [DataPlan.Note] {
        let asRead = groups.indices.filter { groups[$0].losesAsRead }
        let rounded = groups.indices.filter { !groups[$0].losesAsRead && groups[$0].isWorthAWarning }
        return [note(asRead, of: what, floats: "64-bit"), note(rounded, of: what, floats: "32-bit")].compactMap(\.self)
    }

    private func note(_ losing: [Int], of what: String, floats: String) -> DataPlan.Note? {
        guard let first = losing.first else { return nil }
        let verb = losing.count == 1 ? "column loses" : "columns lose"
        let place = "number \(first * columnsOfGroup + 1) of a row\(losing.count == 1 ? "" : " is the first of them")"
        return DataPlan.Note(
            kind: .precision, count: losing.count,
            message:
                "\(verb) values: different numbers of \(what) are the same as \(floats) floats (\(place)): "
                + "subtract a number near them before they are saved")
    }
}
