import Datasets
import Messaging
import Tensors
import Wire

/// A request's rows as numbers, before preprocessing: read in place where they came as FP32, converted where they came
/// as the cells of a table.
final class RawRows {
    private enum Storage {
        case frame(Frame)
        case converted(FloatBuffer)
    }

    private let storage: Storage
    let rows: Int
    private let columns: Int

    /// Throws `invalidArgument` naming the row and the column of a cell that the model has no place for.
    ///
    /// - Parameter ids: what the numbers have to be; nil: any.
    init(
        _ frame: Frame, _ description: TensorDescription, _ preprocessing: Preprocessing, ids: TokenIDs? = nil
    ) throws(Failure) {
        rows = description.shape[0]
        columns = preprocessing.rawColumns
        if description.datatype == .bytes {
            storage = .converted(try Self.convert(frame, rows: rows, preprocessing))
        } else {
            try Self.checkNumbers(in: frame, preprocessing)
            storage = .frame(frame)
        }
        if let ids { try check(ids, preprocessing) }
    }

    /// Calls `body` with the first number of row `row`.
    func withRow<Result>(_ row: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result {
        switch storage {
        case .frame(let frame):
            frame.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: Float.self) + row * columns) }
        case .converted(let buffer): body(UnsafePointer(buffer.pointer) + row * columns)
        }
    }

    private static func convert(
        _ frame: Frame, rows: Int, _ preprocessing: Preprocessing
    ) throws(Failure) -> FloatBuffer {
        let (columns, cells) = (preprocessing.rawColumns, preprocessing.rawCells)
        let buffer = FloatBuffer(count: rows * columns)
        try frame.withUnsafeBytes { bytes throws(Failure) in
            var offset = 0
            for index in 0..<(rows * cells) {
                guard bytes.count - offset >= 4 else { throw incomplete(rows, cells) }
                let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                offset += 4
                guard length <= bytes.count - offset else { throw incomplete(rows, cells) }
                let cell = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
                offset += length
                do {
                    let row = buffer.pointer + index / cells * columns
                    try preprocessing.numbers(ofCell: cell, at: index % cells, into: row)
                } catch {
                    throw Failure(.invalidArgument, "input 'input', row \(index / cells + 1): \(error)")
                }
            }
            guard offset == bytes.count else { throw incomplete(rows, cells) }
        }
        return buffer
    }

    /// As in training: what is no number is no value, even where a network would make something of it.
    private static func checkNumbers(in frame: Frame, _ preprocessing: Preprocessing) throws(Failure) {
        try frame.withUnsafeBytes { bytes throws(Failure) in
            let values = bytes.bindMemory(to: Float.self)
            guard let index = values.firstNonFinite else { return }
            throw unfit(values[index], at: index, preprocessing, expected: "a finite number")
        }
    }

    /// The network gives no number for what is no id, and could not say which of the row's numbers that is.
    private func check(_ ids: TokenIDs, _ preprocessing: Preprocessing) throws(Failure) {
        let stranger = withRow(0) { values in
            (0..<rows * columns).first { !ids.contains(values[$0]) }.map { (index: $0, value: values[$0]) }
        }
        guard let (index, value) = stranger else { return }
        throw Self.unfit(value, at: index, preprocessing, expected: ids.words)
    }

    private static func unfit(
        _ value: Float, at index: Int, _ preprocessing: Preprocessing, expected: String
    ) -> Failure {
        let (row, column) = index.quotientAndRemainder(dividingBy: preprocessing.rawColumns)
        let names = preprocessing.cellNames ?? []
        let place = names.indices.contains(column) ? "column '\(names[column])'" : "value \(column + 1)"
        return Failure(
            .invalidArgument, "input 'input', row \(row + 1), \(place): expected \(expected), got \(value)")
    }

    static func incomplete(_ rows: Int, _ cells: Int) -> Failure {
        Failure(.invalidArgument, "input 'input': the frame does not hold \(rows) x \(cells) BYTES elements")
    }
}
