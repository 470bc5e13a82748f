extension ComparisonDocument {
    /// One self-contained page: curves over each other, figures and settings side by side, what differs marked.
    package var html: String {
        let title = runs.map(\.job).joined(separator: ", ")
        var body: [Node] = [
            .tag("header", [], [.tag("h1", text: title), .tag("p", text: "\(runs.count) runs compared")])
        ]
        body += Page.section("Curves", charts)
        body += Page.section("Figures", [table(figures.map { ($0.name, $0.values.map { $0.map(Figure.short) }) })])
        let differing = differences
        body += Page.section(
            "Job files",
            [
                .tag(
                    "p", [.class("dim")],
                    text: differing.isEmpty
                        ? "The job files ask for the same." : "What differs:")
            ] + settings(differing))
        return Page.html(title: "\(title) - Martlet comparison", body: body)
    }

    private var charts: [Node] {
        let metricNames = Set(runs.flatMap { $0.curve.flatMap(\.metrics.keys) }).subtracting(["loss"]).sorted()
        var candidates: [(String, (ReportEpoch) -> Double?)] = [
            ("Training loss", { $0.trainingLoss }), ("Validation loss", { $0.validationLoss }),
        ]
        candidates += metricNames.map { name in ("\(name) on the validation part", { $0.metrics[name] }) }
        candidates += [("Learning rate", { $0.learningRate }), ("Gradient norm", { $0.gradientNorm })]
        let nodes = candidates.compactMap { title, value -> Node? in
            let series = runs.map { run in
                Series(
                    name: run.job,
                    points: run.curve.compactMap { epoch in
                        value(epoch).map { Series.Point(x: Double(epoch.epoch), y: $0) }
                    })
            }
            guard series.contains(where: { !$0.points.isEmpty }) else { return nil }
            return LineChart(title: title, xName: "epoch", series: series).node
        }
        return nodes.isEmpty ? [] : [.tag("div", [.class("grid")], nodes)]
    }

    private func table(_ rows: [(name: String, values: [String?])]) -> Node {
        ListTable(
            columns: [.init("")] + runs.map { .init($0.job, isNumber: true) },
            rows: rows.map { [$0.name] + $0.values.map { $0 ?? "-" } }
        ).node
    }

    private func settings(_ differing: [(key: String, values: [String?])]) -> [Node] {
        var nodes: [Node] = []
        if !differing.isEmpty {
            nodes.append(
                ListTable(
                    columns: [.init("key")] + runs.map { .init($0.job) },
                    rows: differing.map { [$0.key] + $0.values.map { $0 ?? "-" } },
                    marked: Set(differing.indices)
                ).node)
        }
        let common = common.map { ReportDocument.Fact($0.key, $0.value) }
        if !common.isEmpty {
            nodes.append(
                .tag(
                    "details", [],
                    [.tag("summary", text: "What is the same: \(common.count) keys")] + Page.facts(common)))
        }
        return nodes
    }
}
