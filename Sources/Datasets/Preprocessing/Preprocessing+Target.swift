extension Preprocessing {
    /// The number to learn: the value itself, or the index of the class. Throws `CellError`.
    public func target(of cell: String) throws -> Float {
        var cell = cell
        return try cell.withUTF8 { try target(of: UnsafeRawBufferPointer($0)) }
    }

    /// The number to learn: the value itself, or the index of the class. Throws `CellError`.
    public func target(of cell: UnsafeRawBufferPointer) throws -> Float {
        try target.number(of: cell)
    }

    /// The class as the data file writes it, or the text of a token; nil for a target of numbers and for an index beyond
    /// the classes. A head may be wider than a vocabulary: an index that no token has is the empty text.
    public func label(ofClass index: Int) -> String? {
        switch (target.kind, form) {
        case (.classes(let classes), _): classes.indices.contains(index) ? classes[index] : nil
        case (.tokens, .text(let text)): text.label(of: index)
        default: nil
        }
    }
}

extension Preprocessing.Target {
    /// The number to learn: the value itself, or the index of the class. Throws `CellError`.
    ///
    /// - Parameter index: of the target's classes, where many cells are read; nil: made for this one.
    func number(of cell: UnsafeRawBufferPointer, by index: ClassIndex? = nil) throws -> Float {
        switch kind {
        case .number, .tokens:
            guard case .number(let value) = CellValue(cell) else {
                throw CellError(column: name, message: "expected a finite number, got '\(cell.excerpt)'")
            }
            return Float(value)
        case .classes(let classes):
            let areTexts = classesAreTexts ?? false
            let found =
                index.map { $0.index(of: cell.trimmed) }
                ?? ClassNames.index(of: cell.trimmed, in: classes, areTexts: areTexts)
            guard let index = found else {
                // A class of that name, which a job may declare, comes first.
                if CellValue(cell) == .number(ClassNames.noLabel) { return Float(ClassNames.noLabel) }
                throw CellError(column: name, message: "expected one of \(classes.listed), got '\(cell.excerpt)'")
            }
            return Float(index)
        }
    }

    /// For reading many cells; nil unless classes are learned.
    var classIndex: ClassIndex? {
        if case .classes(let classes) = kind { ClassIndex(classes, areTexts: classesAreTexts ?? false) } else { nil }
    }
}
