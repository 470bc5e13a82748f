/// The confusion matrix as a table whose cells are the darker the more samples they hold; for many classes the pairs
/// that are taken for each other most.
enum ConfusionSection {
    /// Wider tables cannot be read on a page.
    static let classLimit = 24
    static let pairLimit = 20

    static func nodes(_ matrix: ConfusionMatrix) -> [Node] {
        let count = matrix.classes.count
        guard count >= 2, matrix.counts.count == count, matrix.counts.allSatisfy({ $0.count == count }) else {
            return []
        }
        return count <= classLimit ? [table(matrix)] : [pairs(matrix)]
    }

    private static func table(_ matrix: ConfusionMatrix) -> Node {
        let header = Node.tag(
            "tr", [],
            [.tag("th", [.class("corner")], text: "true / predicted")]
                + matrix.classes.map { .tag("th", [Attribute("scope", "col")], text: $0) }
                + [.tag("th", [Attribute("scope", "col")], text: "recall")])
        let rows = matrix.classes.indices.map { label in
            let row = matrix.counts[label]
            let sum = row.reduce(0, +)
            let cells = row.indices.map { cell(row[$0], of: sum, matrix.classes[label], matrix.classes[$0]) }
            let recall = sum > 0 ? Figure.percent(Double(row[label]) / Double(sum)) : "-"
            return Node.tag(
                "tr", [],
                [.tag("th", [Attribute("scope", "row")], text: matrix.classes[label])] + cells
                    + [.tag("td", [.class("dim")], text: recall)])
        }
        return .tag(
            "div", [.class("scroll")],
            [
                .tag("table", [.class("matrix")], [.tag("thead", [], [header]), .tag("tbody", [], rows)])
            ])
    }

    /// Coloured by its share of the row, so that rare classes are seen as well.
    private static func cell(_ count: Int, of sum: Int, _ label: String, _ prediction: String) -> Node {
        let share = sum > 0 ? Double(count) / Double(sum) : 0
        let strength = count == 0 ? 0 : 0.08 + 0.6 * share
        return .tag(
            "td",
            [
                Attribute("style", "background:rgba(var(--heat),\(Figure.coordinate(strength)))"),
                Attribute("title", "\(label) taken for \(prediction): \(count) of \(sum)"),
            ], text: count == 0 ? "·" : Figure.count(count))
    }

    private static func pairs(_ matrix: ConfusionMatrix) -> Node {
        var pairs: [(label: Int, prediction: Int, count: Int)] = []
        for label in matrix.counts.indices {
            for prediction in matrix.counts.indices where label != prediction {
                let count = matrix.counts[label][prediction]
                if count > 0 { pairs.append((label, prediction, count)) }
            }
        }
        pairs.sort { ($1.count, $0.label, $0.prediction) < ($0.count, $1.label, $1.prediction) }
        let rows = pairs.prefix(pairLimit).map { pair in
            [
                matrix.classes[pair.label], matrix.classes[pair.prediction], Figure.count(pair.count),
                Figure.percent(Double(pair.count) / Double(matrix.counts[pair.label].reduce(0, +))),
            ]
        }
        return ListTable(
            columns: [
                .init("true"), .init("taken for"), .init("samples", isNumber: true), .init("of class", isNumber: true),
            ],
            rows: rows
        ).node
    }
}
