/// The curves of a run by epoch: one chart each of what is comparable.
enum CurveCharts {
    static func nodes(_ curve: [ReportEpoch]) -> [Node] {
        guard !curve.isEmpty else { return [] }
        var charts: [Node] = []
        func add(_ title: String, _ series: [Series]) {
            let present = series.filter { !$0.points.isEmpty }
            guard !present.isEmpty else { return }
            charts.append(LineChart(title: title, xName: "epoch", series: present).node)
        }
        add(
            "Loss",
            [
                series("training", curve) { $0.trainingLoss }, series("validation", curve) { $0.validationLoss },
            ])
        for (title, names) in metricCharts(curve) {
            add(title, names.map { name in series(name, curve) { $0.metrics[name] } })
        }
        add("Learning rate", [series("learning rate", curve) { $0.learningRate }])
        add("Gradient norm", [series("mean over the steps", curve) { $0.gradientNorm }])
        if let chart = stepTime(curve) { charts.append(chart) }
        return [.tag("div", [.class("grid")], charts)]
    }

    /// Metrics that lie between 0 and 1 share a chart; each of the others has its own.
    static func metricCharts(_ curve: [ReportEpoch]) -> [(title: String, names: [String])] {
        // The loss has a chart of its own.
        let names = Set(curve.flatMap(\.metrics.keys)).subtracting(["loss"]).sorted()
        let shares = names.filter { name in
            curve.allSatisfy { epoch in epoch.metrics[name].map { (0...1).contains($0) } ?? true }
        }
        let groups = stride(from: 0, to: shares.count, by: LineChart.colours).map {
            Array(shares[$0..<min($0 + LineChart.colours, shares.count)])
        }
        return groups.map { ("Metrics on the validation part", $0) }
            + names.filter { !shares.contains($0) }.map { ("\($0) on the validation part", [$0]) }
    }

    private static func series(
        _ name: String, _ curve: [ReportEpoch], _ value: (ReportEpoch) -> Double?
    ) -> Series {
        Series(
            name: name,
            points: curve.compactMap { epoch in
                value(epoch).map { Series.Point(x: Double(epoch.epoch), y: $0) }
            })
    }

    /// What a mean step of each epoch took, in milliseconds.
    private static func stepTime(_ curve: [ReportEpoch]) -> Node? {
        guard let names = curve.first(where: { !$0.time.isEmpty })?.time.map(\.name) else { return nil }
        var stepsBefore = 0
        var bars: [StackedChart.Bar] = []
        for epoch in curve {
            let steps = max(1, epoch.step - stepsBefore)
            stepsBefore = epoch.step
            guard epoch.time.map(\.name) == names else { continue }
            bars.append(
                StackedChart.Bar(
                    x: Double(epoch.epoch), parts: epoch.time.map { max(0, $0.seconds) * 1000 / Double(steps) }))
        }
        return StackedChart(
            title: "Time of a step in ms", xName: "epoch", names: names, bars: bars,
            format: { Figure.seconds($0 / 1000) }
        ).node
    }
}
