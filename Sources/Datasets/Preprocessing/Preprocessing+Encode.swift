extension Preprocessing {
    /// Writes the `featureCount` inputs for one raw row of `rawColumns` cells. Throws `CellError`.
    public func encode(row cells: [String], into inputs: UnsafeMutablePointer<Float>) throws {
        var raw = [Float](repeating: 0, count: rawColumns)
        try raw.withUnsafeMutableBufferPointer { raw in
            try numbers(row: cells, into: raw.baseAddress!)
            encode(numbers: raw.baseAddress!, rows: 1, into: inputs)
        }
    }

    /// Writes one raw row as `rawColumns` numbers: a number as itself, a category as its index. Throws `CellError`.
    public func numbers(row cells: [String], into raw: UnsafeMutablePointer<Float>) throws {
        guard cells.count == rawColumns else {
            throw CellError(
                column: features.first?.name ?? "", message: "expected a row of \(rawColumns) cells, got \(cells.count)"
            )
        }
        for (place, cell) in cells.enumerated() {
            var cell = cell
            raw[place] = try cell.withUTF8 { try number(of: UnsafeRawBufferPointer($0), feature: place) }
        }
    }

    /// The number that stands for one cell: itself, or the index of the category. Throws `CellError`.
    public func number(of cell: UnsafeRawBufferPointer, feature place: Int) throws -> Float {
        let feature = features[place]
        switch feature.kind {
        case .number:
            switch CellValue(cell) {
            case .number(let value): return Float(value)
            case .missing: throw CellError(column: feature.name, message: "a value is missing, expected a number")
            case .notANumber, .infinite:
                throw CellError(column: feature.name, message: "expected a finite number, got '\(cell.excerpt)'")
            case .text: throw CellError(column: feature.name, message: "expected a number, got '\(cell.excerpt)'")
            }
        case .category(let values):
            guard let index = values.index(ofUTF8: cell.trimmed) else {
                throw CellError(
                    column: feature.name,
                    message: "expected one of \(values.listed), got '\(cell.excerpt)', which the model never saw")
            }
            return Float(index)
        }
    }

    /// Raw rows of numbers, rows x `rawColumns`, to inputs, rows x `featureCount`. A category is given by its index;
    /// one that names no category gives zeros. Computed in `Double` and rounded once.
    public func encode(numbers raw: UnsafePointer<Float>, rows: Int, into inputs: UnsafeMutablePointer<Float>) {
        let width = featureCount
        offsets.withUnsafeBufferPointer { offsets in
            scales.withUnsafeBufferPointer { scales in
                guard hasCategories else {
                    for row in 0..<rows {
                        let raw = raw + row * width
                        let inputs = inputs + row * width
                        for column in 0..<width {
                            inputs[column] = Float((Double(raw[column]) - offsets[column]) / scales[column])
                        }
                    }
                    return
                }
                for row in 0..<rows {
                    encode(mixed: raw + row * rawColumns, into: inputs + row * width, offsets, scales)
                }
            }
        }
    }

    /// One row with category columns.
    private func encode(
        mixed raw: UnsafePointer<Float>, into inputs: UnsafeMutablePointer<Float>,
        _ offsets: UnsafeBufferPointer<Double>, _ scales: UnsafeBufferPointer<Double>
    ) {
        var column = 0
        for (place, feature) in features.enumerated() {
            switch feature.kind {
            case .number:
                inputs[column] = Float((Double(raw[place]) - offsets[column]) / scales[column])
            case .category(let values):
                for index in values.indices {
                    inputs[column + index] = raw[place] == Float(index) ? 1 : 0
                }
            }
            column += feature.width
        }
    }
}
