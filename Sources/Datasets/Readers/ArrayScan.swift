/// One pass over an array of features and what is to be learned of them.
struct ArrayScan {
    private(set) var rows: [Int] = []
    private(set) var fingerprints: [Fingerprint] = []
    private(set) var classes: [String] = []
    private(set) var rowClasses: [Int32] = []
    private(set) var problems = ProblemList()
    private var precision: ArrayPrecision
    private var rowsWithMissingValues = 0
    private var duplicates = 0

    /// - Parameters:
    ///   - label: adds what is to be learned of a row to its fingerprint.
    ///   - ids: what the numbers have to be, where they are token ids.
    init(
        _ features: NumberFile, cleaning: Cleaning, ids: TokenIDs? = nil,
        label: (Int, inout Fingerprint) throws -> Void
    ) throws {
        precision = ArrayPrecision(features)
        let drops = cleaning.missing == .drop
        let isInteger = features.header.element.isInteger
        var seen: Set<Fingerprint> = []
        try features.forEachRow { row, bytes in
            if !isInteger, let bad = Self.first(in: features, bytes, where: { !$0.isFinite }) {
                if drops, bad.value.isNaN {
                    rowsWithMissingValues += 1
                } else {
                    let place = "row \(row + 1), number \(bad.index + 1): "
                    if bad.value.isNaN {
                        problems.add(
                            key: ["data", "clean", "missing"],
                            "\(place)nan is a missing value: set data.clean.missing to drop, and rows with one are left out"
                        )
                    } else {
                        problems.add("\(place)\(bad.value.shown) is not a finite 32-bit number")
                    }
                    rows.append(row)
                    fingerprints.append(Fingerprint())
                }
                return
            }
            if let ids, let wrong = Self.first(in: features, bytes, where: { !ids.contains($0) }) {
                problems.add(
                    key: ids.key(for: Float(wrong.value)),
                    "row \(row + 1), number \(wrong.index + 1): \(wrong.value.written) is no token id: "
                        + ids.expectation)
            }
            var fingerprint = Fingerprint()
            fingerprint.add(bytes)
            try label(row, &fingerprint)
            if cleaning.duplicates == .drop, !seen.insert(fingerprint).inserted {
                duplicates += 1
                return
            }
            rows.append(row)
            fingerprints.append(fingerprint)
            precision.add(bytes)
        }
        if rows.isEmpty {
            problems.add(
                "no row is left: \(rowsWithMissingValues == 1 ? "the only one" : "each of \(rowsWithMissingValues)") has a missing value"
            )
        }
        if cleaning.missing.fills || !cleaning.columns.isEmpty || !cleaning.clip.isEmpty {
            problems.add(
                key: ["data", "clean"],
                "data.clean can drop rows and duplicates of this format, but has no columns to fill or clip")
        }
    }

    /// The first number of a row that is wrong as a 32-bit float.
    private static func first(
        in features: NumberFile, _ bytes: UnsafeRawBufferPointer, where isWrong: (Float) -> Bool
    ) -> (index: Int, value: Double)? {
        for index in 0..<features.columns {
            let value = features.value(in: bytes, at: index)
            if isWrong(Float(value)) { return (index, value) }
        }
        return nil
    }

    /// - Parameter rowClasses: of each row of the file the index of its class.
    mutating func setClasses(_ names: [String], _ rowClasses: [Int32]) {
        classes = names
        self.rowClasses = rows.map { rowClasses[$0] }
    }

    mutating func add(_ others: ProblemList) {
        problems.add(others)
    }

    var notes: [DataPlan.Note] {
        var notes: [DataPlan.Note] = []
        if rowsWithMissingValues > 0 {
            notes.append(
                .init(kind: .missing, count: rowsWithMissingValues, message: DroppedRows.missing(rowsWithMissingValues))
            )
        }
        if duplicates > 0 {
            notes.append(
                .init(kind: .duplicates, count: duplicates, message: DroppedRows.duplicates(duplicates)))
        }
        return notes + precision.notes(of: "the features")
    }
}
