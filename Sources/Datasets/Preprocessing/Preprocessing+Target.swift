extension Preprocessing {
    /// The number to learn: the value itself, or the index of the class. Throws `CellError`.
    public func target(of cell: String) throws -> Float {
        var cell = cell
        return try cell.withUTF8 { try target(of: UnsafeRawBufferPointer($0)) }
    }

    /// The number to learn: the value itself, or the index of the class. Throws `CellError`.
    public func target(of cell: UnsafeRawBufferPointer) throws -> Float {
        switch target.kind {
        case .number:
            guard case .number(let value) = CellValue(cell) else {
                throw CellError(column: target.name, message: "expected a finite number, got '\(cell.excerpt)'")
            }
            return Float(value)
        case .classes(let classes):
            guard let index = ClassNames.index(of: cell.trimmed, in: classes) else {
                throw CellError(
                    column: target.name, message: "expected one of \(classes.listed), got '\(cell.excerpt)'")
            }
            return Float(index)
        }
    }

    /// The class as the data file writes it; nil for a target of numbers and for an index beyond the classes.
    public func label(ofClass index: Int) -> String? {
        guard case .classes(let classes) = target.kind, classes.indices.contains(index) else { return nil }
        return classes[index]
    }
}
