/// A plain table, which scrolls by itself where the page is too narrow for it.
struct ListTable {
    struct Column {
        var title: String
        var isNumber: Bool

        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    var columns: [Column]
    /// One cell a column.
    var rows: [[String]]
    /// Rows that are marked as different.
    var marked: Set<Int> = []

    var node: Node {
        let header = columns.map { Node.tag("th", attributes($0) + [Attribute("scope", "col")], text: $0.title) }
        let body = rows.enumerated().map { index, row in
            Node.tag(
                "tr", marked.contains(index) ? [.class("changed")] : [],
                zip(columns, row).map { .tag("td", attributes($0), text: $1) })
        }
        return .tag(
            "div", [.class("scroll")],
            [
                .tag(
                    "table", [.class("list")],
                    [.tag("thead", [], [.tag("tr", [], header)]), .tag("tbody", [], body)])
            ])
    }

    private func attributes(_ column: Column) -> [Attribute] {
        column.isNumber ? [.class("number")] : []
    }
}
