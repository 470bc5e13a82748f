/// Finds the records and cells of CSV text (RFC 4180) in a buffer: commas, cells in double quotes that may hold commas,
/// line ends and doubled quotes, lines that end with LF or CR LF. It copies nothing.
///
/// Blanks before an opening and behind a closing quote do not count, which the standard leaves open and many writers do.
struct CSVParser {
    /// Where a cell lies in the buffer, without its quotes.
    struct Cell {
        var start: Int
        var end: Int
        /// Stands in quotes.
        var isQuoted = false
        /// Holds doubled quotes, each of which stands for one.
        var hasDoubledQuotes = false
    }

    enum Outcome: Equatable {
        /// The record's bytes end before `end`, the next record starts at `next`.
        case record(end: Int, next: Int)
        /// The record goes on behind the buffer.
        case incomplete
        /// No more records.
        case end
    }

    enum Defect: String {
        case quoteInsideCell = "a quote inside a cell that does not start with one"
        case textAfterQuote = "text after the closing quote of a cell"
        case unterminatedQuote = "a quoted cell without a closing quote"
        case notUTF8 = "not UTF-8"
    }

    /// Of the last record.
    private(set) var cells: [Cell] = []
    /// What is wrong with the last record; its cells are a guess then.
    private(set) var defect: Defect?
    /// Line ends inside the last record's quoted cells.
    private(set) var innerLines = 0

    /// Reads one record from `start`. `atEnd` says that nothing follows the buffer.
    mutating func parse(_ bytes: UnsafeRawBufferPointer, from start: Int, atEnd: Bool) -> Outcome {
        cells.removeAll(keepingCapacity: true)
        defect = nil
        innerLines = 0
        guard start < bytes.count else { return atEnd ? .end : .incomplete }

        var index = start
        while true {
            if let quote = Self.openingQuote(bytes, from: index) {
                guard let next = takeQuoted(bytes, from: quote, atEnd: atEnd) else { return .incomplete }
                index = next
            } else {
                index = takePlain(bytes, from: index)
            }
            guard index < bytes.count else {
                return atEnd ? finish(bytes, at: index, next: index, from: start) : .incomplete
            }
            guard bytes[index] == .comma else {
                return finish(bytes, at: index, next: index + 1, from: start)
            }
            index += 1
        }
    }

    /// The quote that a cell begins with, behind blanks or not.
    private static func openingQuote(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, bytes[index].isBlank { index += 1 }
        return index < bytes.count && bytes[index] == .quote ? index : nil
    }

    /// Takes a carriage return off the end of the line, and of its last cell.
    private mutating func finish(
        _ bytes: UnsafeRawBufferPointer, at lineEnd: Int, next: Int, from start: Int
    ) -> Outcome {
        guard lineEnd > start, bytes[lineEnd - 1] == .carriageReturn else { return .record(end: lineEnd, next: next) }
        let last = cells.count - 1
        if cells[last].end == lineEnd, cells[last].start < lineEnd { cells[last].end -= 1 }
        return .record(end: lineEnd - 1, next: next)
    }

    /// Adds the cell that starts at `start` and returns where its delimiter is.
    private mutating func takePlain(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == .comma || byte == .lineFeed { break }
            if byte == .quote { defect = .quoteInsideCell }
            index += 1
        }
        cells.append(Cell(start: start, end: index))
        return index
    }

    /// Adds the cell whose opening quote is at `start`; nil if more bytes are needed to tell where it ends.
    private mutating func takeQuoted(_ bytes: UnsafeRawBufferPointer, from start: Int, atEnd: Bool) -> Int? {
        var index = start + 1
        var hasDoubledQuotes = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == .quote {
                if index + 1 == bytes.count, !atEnd { return nil }
                guard index + 1 < bytes.count, bytes[index + 1] == .quote else { break }
                hasDoubledQuotes = true
                index += 1
            } else if byte == .lineFeed {
                innerLines += 1
            }
            index += 1
        }
        guard index < bytes.count else {
            guard atEnd else { return nil }
            defect = .unterminatedQuote
            cells.append(Cell(start: start + 1, end: index, isQuoted: true))
            return index
        }
        cells.append(Cell(start: start + 1, end: index, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes))

        index += 1
        while index < bytes.count, bytes[index].isBlank { index += 1 }
        let afterQuote = index
        while index < bytes.count, bytes[index] != .comma, bytes[index] != .lineFeed { index += 1 }
        let isLineEnd =
            index == afterQuote + 1 && bytes[afterQuote] == .carriageReturn
            && (index == bytes.count || bytes[index] == .lineFeed)
        if index > afterQuote, !isLineEnd { defect = .textAfterQuote }
        return index
    }
}

extension UInt8 {
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let comma = UInt8(ascii: ",")
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
