extension MetricAccumulator {
    /// Rows seen.
    public var rows: Int { Int(sums[Self.rowsPlace]) }

    /// Summed over the rows seen.
    public var lossSum: Double { sums[Self.lossPlace] }

    /// How often rows of a true class (first index) were taken for each class; nil for regression.
    public var confusionMatrix: [[Int]]? {
        guard task != .regression else { return nil }
        return (0..<classes).map { label in (0..<classes).map { Int(cell(label, $0)) } }
    }

    /// A metric over all rows seen; nil if it has no meaning for the task or no row was seen. As in scikit-learn, a
    /// share of nothing counts as 0.
    public func value(of metric: Metric) -> Double? {
        let rows = sums[Self.rowsPlace]
        guard rows > 0 else { return nil }
        switch (metric, task) {
        case (.loss, _): return sums[Self.lossPlace] / rows
        case (.mse, .regression): return mean(of: RegressionSums.squaredErrors)
        case (.mae, .regression): return mean(of: RegressionSums.absoluteErrors)
        case (.r2, .regression): return determination
        case (.mse, _), (.mae, _), (.r2, _), (_, .regression): return nil
        case (.accuracy, _): return (0..<classes).reduce(0) { $0 + cell($1, $1) } / rows
        case (.precision, _): return average { ratio(cell($0, $0), predicted($0)) }
        case (.recall, _): return average { ratio(cell($0, $0), actual($0)) }
        case (.f1, _): return average { ratio(2 * cell($0, $0), predicted($0) + actual($0)) }
        }
    }

    private func cell(_ label: Int, _ predicted: Int) -> Double {
        sums[Self.firstPlace + label * classes + predicted]
    }

    private func actual(_ label: Int) -> Double {
        (0..<classes).reduce(0) { $0 + cell(label, $1) }
    }

    private func predicted(_ label: Int) -> Double {
        (0..<classes).reduce(0) { $0 + cell($1, label) }
    }

    private func ratio(_ part: Double, _ whole: Double) -> Double {
        whole == 0 ? 0 : part / whole
    }

    /// Mean over the classes that occur, or the value of class 1 where there are only two.
    private func average(_ figure: (Int) -> Double) -> Double {
        guard classes > 2 else { return figure(1) }
        let present = (0..<classes).filter { actual($0) + predicted($0) > 0 }
        return present.reduce(0) { $0 + figure($1) } / Double(present.count)
    }

    private func sum(_ place: Int, of output: Int) -> Double {
        sums[Self.firstPlace + output * RegressionSums.count + place]
    }

    private func mean(of place: Int) -> Double {
        (0..<outputs).reduce(0) { $0 + sum(place, of: $1) } / (sums[Self.rowsPlace] * Double(outputs))
    }

    /// R^2, mean over the outputs. An output whose targets are all equal counts 1 if predicted exactly, else 0, as in
    /// scikit-learn; one row alone has none.
    private var determination: Double? {
        let rows = sums[Self.rowsPlace]
        guard rows > 1 else { return nil }
        let scores = (0..<outputs).map { output in
            let targets = sum(RegressionSums.targets, of: output)
            let total = sum(RegressionSums.squaredTargets, of: output) - targets * targets / rows
            let residual = sum(RegressionSums.squaredErrors, of: output)
            guard total > 0 else { return residual == 0 ? 1.0 : 0 }
            return 1 - residual / total
        }
        return scores.reduce(0, +) / Double(outputs)
    }
}
