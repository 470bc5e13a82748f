import Explanations

/// One row that a model is asked about.
public struct RawRow: Sendable, Equatable {
    /// Where it stands in its file: `line 3`, or `row 3` of an array.
    public var place: String
    /// In the order in which the model reads them.
    public var cells: [String]
    /// The cell of the column that rows are put in order by; nil where there is none.
    var orderCell: String?

    public init(place: String, cells: [String]) {
        self.init(place: place, cells: cells, orderCell: nil)
    }

    init(place: String, cells: [String], orderCell: String?) {
        self.place = place
        self.cells = cells
        self.orderCell = orderCell
    }
}

/// A row that cannot be asked about.
public struct RawRowError: Error, Equatable, CustomStringConvertible {
    public var file: String
    public var place: String?
    public var column: String?
    public var message: String

    public init(file: String, place: String? = nil, column: String? = nil, message: String) {
        self.file = file
        self.place = place
        self.column = column
        self.message = message
    }

    public var description: String {
        let place = [place, column.map { "column '\($0)'" }].compactMap(\.self).map { ", \($0)" }.joined()
        return "\(file)\(place): \(message)".escapingControls()
    }
}

extension RawRow {
    /// The numbers of the row as 32-bit floats, read as those that a model is trained on. Throws `RawRowError`.
    ///
    /// - Parameter columns: their names; nil: they have none.
    public func numbers(columns: [String]?, file: String) throws(RawRowError) -> [Float] {
        var numbers: [Float] = []
        numbers.reserveCapacity(cells.count)
        for (index, cell) in cells.enumerated() {
            let result = Self.number(of: cell)
            switch result {
            case .success(let number): numbers.append(number)
            case .failure(let error):
                guard let columns, !columns.isEmpty else {
                    throw RawRowError(file: file, place: place, message: "value \(index + 1): \(error.message)")
                }
                throw RawRowError(
                    file: file, place: place, column: columns[index % columns.count], message: error.message)
            }
        }
        return numbers
    }

    private static func number(of cell: String) -> Result<Float, CellError> {
        var cell = cell
        return cell.withUTF8 { bytes in
            Result { () throws(CellError) in
                Float(try Preprocessing.number(of: UnsafeRawBufferPointer(bytes), column: ""))
            }
        }
    }
}
