import Explanations

extension Preprocessing {
    /// Writes the `featureCount` inputs for one raw row of `rawCells` texts. Throws `CellError`.
    public func encode(row cells: [String], into inputs: UnsafeMutablePointer<Float>) throws {
        var raw = [Float](repeating: 0, count: rawColumns)
        try raw.withUnsafeMutableBufferPointer { raw in
            try numbers(row: cells, into: raw.baseAddress!)
            encode(numbers: raw.baseAddress!, rows: 1, into: inputs)
        }
    }

    /// Writes one raw row as `rawColumns` numbers: a number as itself, a category as its index, a text as its token
    /// ids. Throws `CellError`.
    public func numbers(row cells: [String], into raw: UnsafeMutablePointer<Float>) throws {
        guard cells.count == rawCells else {
            throw CellError(
                column: features.first?.name ?? "",
                message: "expected a row of \(counted(rawCells, "cell")), got \(cells.count)")
        }
        for (place, cell) in cells.enumerated() {
            var cell = cell
            try cell.withUTF8 { try numbers(ofCell: UnsafeRawBufferPointer($0), at: place, into: raw) }
        }
    }

    /// Writes the numbers that stand for the text at `place` of a raw row to where they belong in that row of
    /// `rawColumns` numbers. Texts have to come in their order. Throws `CellError`.
    public func numbers(
        ofCell cell: UnsafeRawBufferPointer, at place: Int, into raw: UnsafeMutablePointer<Float>
    ) throws {
        switch form {
        case .rows: raw[place] = try number(of: cell, feature: place % features.count)
        case .tensor:
            do throws(CellError) {
                raw[place] = Float(try Self.number(of: cell, column: ""))
            } catch {
                throw CellError(column: "", message: "value \(place + 1): \(error.message)")
            }
        case .text(let text): try text.encode(cell, at: place, into: raw)
        }
    }

    /// The number that stands for one cell: itself, or the index of the category. Throws `CellError`.
    public func number(of cell: UnsafeRawBufferPointer, feature place: Int) throws -> Float {
        let feature = features[place]
        switch feature.kind {
        case .number:
            if let fill = feature.fill, CellValue(cell).isMissingOrNaN { return Float(fill) }
            return Float(try Self.number(of: cell, column: feature.name) - (feature.origin ?? 0))
        case .category(let values), .index(let values):
            if let index = values.index(ofText: cell.trimmed) { return Float(index) }
            if let fill = feature.fill, CellValue(cell).isMissingOrNaN { return Float(fill) }
            if cell.trimmed.isEmpty {
                throw CellError(
                    column: feature.name, message: "a value is missing, expected one of \(values.listed)")
            }
            throw CellError(
                column: feature.name,
                message: "expected one of \(values.listed), got '\(cell.excerpt)', which the model never saw")
        case .date:
            if let days = CalendarDate.days(cell.trimmed) { return Float(days - (feature.origin ?? 0)) }
            if let fill = feature.fill, CellValue(cell).isMissingOrNaN { return Float(fill) }
            if CellValue(cell) == .missing {
                throw CellError(
                    column: feature.name,
                    message: "a value is missing\(Self.written(cell)), expected a date such as 2024-12-31")
            }
            throw CellError(
                column: feature.name, message: "expected a date such as 2024-12-31, got '\(cell.excerpt)'")
        }
    }

    /// The number that a cell holds, whoever reads it. Throws `CellError`.
    static func number(of cell: UnsafeRawBufferPointer, column: String) throws(CellError) -> Double {
        switch CellValue(cell) {
        case .number(let value): return value
        case .missing:
            throw CellError(column: column, message: "a value is missing\(written(cell)), expected a number")
        case .notANumber, .infinite:
            throw CellError(column: column, message: "expected a finite number, got '\(cell.excerpt)'")
        case .text: throw CellError(column: column, message: "expected a number, got '\(cell.excerpt)'")
        }
    }

    /// The word by which a missing value is written, where there is one.
    private static func written(_ cell: UnsafeRawBufferPointer) -> String {
        cell.trimmed.isEmpty ? "" : " ('\(cell.excerpt)')"
    }

    /// Raw rows of numbers, rows x `rawColumns`, to inputs, rows x `featureCount`. A category is given by its index;
    /// one that names no category gives zeros. Computed in `Double` and rounded once.
    public func encode(numbers raw: UnsafePointer<Float>, rows: Int, into inputs: UnsafeMutablePointer<Float>) {
        switch form {
        case .rows(let window): encode(table: raw, rows: rows * window, into: inputs)
        case .tensor(let tensor): tensor.encode(raw, rows: rows, into: inputs)
        case .text: inputs.update(from: raw, count: rows * rawColumns)
        }
    }

    private func encode(table raw: UnsafePointer<Float>, rows: Int, into inputs: UnsafeMutablePointer<Float>) {
        let width = offsets.count
        let columns = features.count
        let isPlain = features.allSatisfy { !$0.isCategory && $0.bounds == nil && $0.fill == nil }
        offsets.withUnsafeBufferPointer { offsets in
            scales.withUnsafeBufferPointer { scales in
                guard isPlain else {
                    for row in 0..<rows {
                        encode(mixed: raw + row * columns, into: inputs + row * width, offsets, scales)
                    }
                    return
                }
                for row in 0..<rows {
                    let raw = raw + row * width
                    let inputs = inputs + row * width
                    for column in 0..<width {
                        inputs[column] = Float((Double(raw[column]) - offsets[column]) / scales[column])
                    }
                }
            }
        }
    }

    /// One row with category columns, bounds, or values that may be missing.
    private func encode(
        mixed raw: UnsafePointer<Float>, into inputs: UnsafeMutablePointer<Float>,
        _ offsets: UnsafeBufferPointer<Double>, _ scales: UnsafeBufferPointer<Double>
    ) {
        var column = 0
        for (place, feature) in features.enumerated() {
            switch feature.kind {
            case .number, .date:
                var value = Double(raw[place])
                if value.isNaN, let fill = feature.fill { value = fill }
                if let bounds = feature.bounds {
                    let origin = feature.origin ?? 0
                    value = min(max(value, bounds.low - origin), bounds.high - origin)
                }
                inputs[column] = Float((value - offsets[column]) / scales[column])
            case .index: inputs[column] = raw[place]
            case .category(let values):
                for index in values.indices {
                    inputs[column + index] = raw[place] == Float(index) ? 1 : 0
                }
            }
            column += feature.width
        }
    }
}
