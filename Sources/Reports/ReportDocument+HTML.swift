extension ReportDocument {
    /// One self-contained page. A pure function of the document: the same document gives the same bytes.
    package var html: String {
        var body: [Node] = [
            .tag("header", [], [.tag("h1", text: job), .tag("p", text: state)])
        ]
        body += Page.tiles(summary)
        body += warnings.map { .tag("div", [.class("warning")], text: $0) }
        body += Page.section("Training", CurveCharts.nodes(curve))
        body += Page.section("Test part", testNodes)
        body += Page.section("Confusion matrix", confusion.map(ConfusionSection.nodes) ?? [])
        body += Page.section("Worst samples", mistakes.map(MistakesSection.nodes) ?? [])
        body += Page.section("Data", Page.facts(data))
        body += Page.section("Environment", Page.facts(environment))
        body += Page.section("Provenance", Page.facts(provenance))
        body += Page.section("Job file", jobFile.isEmpty ? [] : [.tag("pre", text: jobFile)])
        return Page.html(title: "\(job) - Martlet report", body: body)
    }

    private var testNodes: [Node] {
        var nodes = Page.facts(metrics)
        guard !gate.isEmpty else { return nodes }
        let passed = gate.allSatisfy(\.passed)
        nodes.append(
            .tag(
                "p", [],
                [
                    .text("Gate: "),
                    .tag("span", [.class(passed ? "passed" : "failed")], text: passed ? "passed" : "failed"),
                ]))
        let rows = gate.map { figure in
            [figure.metric, figure.bound, figure.value.map(Figure.short) ?? "-", figure.passed ? "yes" : "no"]
        }
        nodes.append(
            ListTable(
                columns: [
                    .init("metric"), .init("bound", isNumber: true), .init("value", isNumber: true), .init("passed"),
                ],
                rows: rows
            ).node)
        return nodes
    }
}
