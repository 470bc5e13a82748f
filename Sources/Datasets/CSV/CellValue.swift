/// What one cell of a table holds. Planning, training, serving and prediction all ask here, so that none of them takes
/// for a number what another does not.
enum CellValue: Equatable {
    /// Finite, also as a 32-bit float.
    case number(Double)
    /// Empty, or a word by which tools write that there is no value.
    case missing
    /// `NaN` in any letter case.
    case notANumber
    /// `inf`, `infinity`, or a number too large for a 32-bit float.
    case infinite
    case text

    /// By which pandas, R, SQL, Python and the UCI repository write that there is no value. Spelt otherwise, as `none` and
    /// `na` are, they are names of something at least as often.
    static let missingWords: Set<String> = ["NA", "N/A", "n/a", "null", "Null", "NULL", "None", "?"]

    /// The words, for messages.
    static let writtenMissing = "NA, N/A, n/a, null, NULL, None or ?"

    private static let missingWordsInLowercase = Set(missingWords.map { $0.lowercased() })

    /// Whether a text is one of the words but for its letter case.
    static func isLikeMissing(_ cell: UnsafeRawBufferPointer) -> Bool {
        let cell = cell.trimmed
        guard cell.count <= 4 else { return false }
        return missingWordsInLowercase.contains(String(decoding: cell, as: UTF8.self).lowercased())
    }

    /// What cleaning fills in or drops.
    var isMissingOrNaN: Bool { self == .missing || self == .notANumber }

    /// Spaces and tabs around a cell do not count.
    ///
    /// - Parameter isText: the cell is known to be a text, as it stands in quotes or is a string of JSON: then only an
    ///   empty one is missing, and `NA` is two letters. A number is one in quotes as well, since some tools quote all.
    init(_ cell: UnsafeRawBufferPointer, isText: Bool = false) {
        let cell = cell.trimmed
        if let number = Double(decimal: cell) {
            self = Float(number).isFinite ? .number(number) : .infinite
            return
        }
        // The longest of the words below has nine letters; most text is told apart without making a string.
        guard cell.count <= 9, !isText || cell.isEmpty else {
            self = .text
            return
        }
        let word = String(decoding: cell, as: UTF8.self)
        if word.isEmpty || Self.missingWords.contains(word) {
            self = .missing
            return
        }
        switch word.lowercased() {
        case "nan", "+nan", "-nan": self = .notANumber
        case "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity": self = .infinite
        default: self = .text
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Without the spaces and tabs at either end.
    var trimmed: UnsafeRawBufferPointer {
        var start = 0
        var end = count
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}

extension UInt8 {
    /// A space or a tab, which do not count around a cell.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
