import NeuralNetworks
import Explanations
import StrictYAML

extension JobFile {
    /// The `evaluate:` section.
    ///
    /// - Parameter outputs: of the model; nil where they are not known.
    static func evaluateSection(
        _ section: YAMLMapping, task: ModelSpecification.Task?, outputs: Int?
    ) -> EvaluateSpecification {
        var named: Set<EvaluateSpecification.Metric> = []
        var metrics: [EvaluateSpecification.Metric] = section.list(
            "metrics", "a list of metrics", default: defaultMetrics(for: task ?? .regression)
        ) { value in
            guard let metric = value.asChoice(EvaluateSpecification.Metric.self) else { return nil }
            if let task, !metric.fits(task) { value.report(metric.misfit(task)) }
            if !named.insert(metric).inserted { value.report("'\(metric.rawValue)' is named twice") }
            return metric
        }
        let gate = section.optionalMapping("gate") { gate in
            bounds(gate, task: task)
        }
        // What decides is also shown.
        for bound in gate ?? [] where !metrics.contains(bound.metric) { metrics.append(bound.metric) }
        let topK = section.integer(.topK, default: MetricScope.standardTopK)
        if section.isSoundSoFar, task == .classification, let outputs {
            if metrics.contains(.topK), topK >= outputs {
                (section.value("top_k") ?? section.value("metrics") ?? section.value("gate"))?.report(
                    "of \(counted(outputs, "class", "classes")) the right one is always among \(topK): expected "
                        + "evaluate.top_k below \(outputs)")
            } else if topK > outputs {
                // The default is for whatever there is.
                section.value("top_k")?.report("expected at most \(outputs), the number of classes, found '\(topK)'")
            }
        }
        return EvaluateSpecification(metrics: metrics, gate: gate ?? [], topK: topK)
    }

    /// Metrics with a bound each.
    static func bounds(_ section: YAMLMapping, task: ModelSpecification.Task?) -> [EvaluateSpecification.Bound] {
        EvaluateSpecification.Metric.allCases.compactMap { metric -> EvaluateSpecification.Bound? in
            guard let value = section.value(metric.rawValue) else { return nil }
            if let task, !metric.fits(task) { value.report(metric.misfit(task)) }
            return bound(value, metric)
        }
    }

    static func defaultMetrics(for task: ModelSpecification.Task) -> [EvaluateSpecification.Metric] {
        switch task {
        case .regression: [.r2, .mae, .mse, .loss]
        case .binary, .classification: [.accuracy, .precision, .recall, .f1, .loss]
        }
    }

    /// `">= 0.97"`.
    private static func bound(_ value: YAMLValue, _ metric: EvaluateSpecification.Metric) -> EvaluateSpecification
        .Bound?
    {
        guard let text = value.asString() else { return nil }
        // The longer signs first, so that `>=` is not taken for `>`.
        for comparison in [EvaluateSpecification.Bound.Comparison.atLeast, .atMost, .above, .below]
        where text.hasPrefix(comparison.rawValue) {
            let figure = text.dropFirst(comparison.rawValue.count).drop { $0 == " " }
            guard let number = Double(figure), number.isFinite else { break }
            let bound = EvaluateSpecification.Bound(metric: metric, comparison: comparison, value: number)
            if !bound.isPossible {
                value.report("no model reaches '\(text)': \(metric.rawValue) is \(metric.rangeInWords)")
            }
            return bound
        }
        value.report("expected a bound such as \">= 0.97\" with >=, <=, > or <, found '\(text)'")
        return nil
    }
}

extension EvaluateSpecification.Metric {
    fileprivate var rangeInWords: String {
        switch range {
        case (let lowest?, let highest?): "from \(lowest) to \(highest)"
        case (let lowest?, nil): "at least \(lowest)"
        case (nil, let highest?): "at most \(highest)"
        case (nil, nil): "any number"
        }
    }

    fileprivate func misfit(_ task: ModelSpecification.Task) -> String {
        let fitting = Self.allCases.filter { $0.fits(task) }.map(\.rawValue).joined(separator: ", ")
        return "'\(rawValue)' has no meaning for \(task.rawValue), expected one of \(fitting)"
    }
}
