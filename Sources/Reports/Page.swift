/// A whole page: nothing in it comes from elsewhere, and nothing in it runs.
enum Page {
    static func html(title: String, body: [Node]) -> String {
        let head = Node.tag(
            "head", [],
            [
                .tag("meta", [Attribute("charset", "utf-8")]),
                .tag(
                    "meta",
                    [Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")]),
                // Should anything ever slip through the escaping, the browser still neither loads nor runs it.
                .tag(
                    "meta",
                    [
                        Attribute("http-equiv", "Content-Security-Policy"),
                        Attribute("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
                    ]),
                .tag("meta", [Attribute("name", "color-scheme"), Attribute("content", "light dark")]),
                .tag("title", text: title),
                .tag("style", text: Style.sheet),
            ])
        var text = "<!DOCTYPE html>\n"
        Node.tag("html", [Attribute("lang", "en")], [head, .tag("body", [], body)]).write(to: &text)
        return text + "\n"
    }

    /// Nothing where there is nothing to show.
    static func section(_ title: String, _ content: [Node]) -> [Node] {
        content.isEmpty ? [] : [.tag("section", [], [.tag("h2", text: title)] + content)]
    }

    static func facts(_ facts: [ReportDocument.Fact]) -> [Node] {
        guard !facts.isEmpty else { return [] }
        let rows = facts.map { fact in
            Node.tag(
                "tr", [],
                [.tag("th", [Attribute("scope", "row")], text: fact.name), .tag("td", text: fact.value)])
        }
        return [.tag("table", [.class("facts")], [.tag("tbody", [], rows)])]
    }

    /// The most important figures, large.
    static func tiles(_ facts: [ReportDocument.Fact]) -> [Node] {
        guard !facts.isEmpty else { return [] }
        let tiles = facts.map { fact in
            Node.tag(
                "div", [.class("tile")],
                [.tag("span", [.class("value")], text: fact.value), .tag("span", text: fact.name)])
        }
        return [.tag("div", [.class("tiles")], tiles)]
    }
}
