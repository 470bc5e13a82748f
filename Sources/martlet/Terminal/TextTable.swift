import Explanations

/// Lines of text in columns, as wide as the terminal at most.
struct TextTable {
    enum Alignment {
        case left, right
    }

    struct Column {
        var title: String
        var alignment: Alignment

        init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    var columns: [Column]
    /// One cell a column.
    var rows: [[String]]

    private static let gap = "  "

    /// A header line and one line a row. A line that does not fit in `width` is cut at its end, so the last column
    /// should be the one that can be spared; nil: never cut.
    func lines(width: Int? = nil) -> [String] {
        let all = ([columns.map(\.title)] + rows).map { $0.map { $0.escapingControls() } }
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = columns.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return columns[column].alignment == .right ? padding + row[column] : row[column] + padding
            }
            return cells.joined(separator: Self.gap).trimmingTrailingSpaces().fitting(width)
        }
    }
}

extension String {
    func trimmingTrailingSpaces() -> String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// The first `width` characters, the last of them an ellipsis where something is missing.
    func fitting(_ width: Int?) -> String {
        guard let width, count > width else { return self }
        return width < 1 ? "" : prefix(width - 1) + "…"
    }
}
