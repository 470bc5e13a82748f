import Reports

/// `martlet job compare`.
struct ComparisonView {
    var document: ComparisonDocument

    func lines() -> [String] {
        let names = document.runs.map { TextTable.Column($0.job, .right) }
        let figures = document.figures.map { [$0.name] + $0.values.map { $0.map(Figures.loss) ?? "-" } }
        var lines = TextTable(columns: [.init("FIGURE")] + names, rows: figures).lines()
        let differences = document.differences.map { [$0.key] + $0.values.map { $0 ?? "-" } }
        lines.append("")
        if differences.isEmpty {
            lines.append("the job files ask for the same")
        } else {
            let columns = [TextTable.Column("DIFFERENCE")] + document.runs.map { .init($0.job) }
            lines += TextTable(columns: columns, rows: differences).lines()
        }
        return lines
    }
}
