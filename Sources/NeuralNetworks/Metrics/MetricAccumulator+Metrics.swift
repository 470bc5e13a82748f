import Foundation

extension MetricAccumulator {
    /// How often rows of a true class (first index) were taken for each class; nil for regression and for more than
    /// 512 classes. Rows whose outputs are no numbers were taken for none and are not in it.
    public var confusionMatrix: [[Int]]? {
        guard scope.hasConfusion else { return nil }
        return (0..<scope.classes).map { Array(labels.matrix[$0 * scope.classes..<($0 + 1) * scope.classes]) }
    }

    /// A metric over all rows seen; nil if it has no meaning for the task, or cannot be told from these rows. As in
    /// scikit-learn, a share of nothing counts as 0.
    public func value(of metric: Metric) -> Double? {
        guard rows > 0, metric.fits(scope.task) else { return nil }
        switch metric {
        case .loss: return loss.mean
        case .accuracy: return Double(labels.found.reduce(0, +)) / Double(rows)
        case .topK: return Double(labels.inTop) / Double(rows)
        case .precision: return scope.classes > 2 ? macro(precision) : precision(1)
        case .recall: return scope.classes > 2 ? macro(recall) : recall(1)
        case .f1: return scope.classes > 2 ? macro(f1) : f1(1)
        case .precisionMacro: return macro(precision)
        case .recallMacro: return macro(recall)
        case .f1Macro: return macro(f1)
        // Every row is said to be of one class and is of one, so all three are the share of rows that are right. One of
        // which nothing is said counts as said to be of a wrong one.
        case .precisionMicro, .recallMicro, .f1Micro: return value(of: .accuracy)
        case .precisionWeighted: return weighted(precision)
        case .recallWeighted: return weighted(recall)
        case .f1Weighted: return weighted(f1)
        case .auc: return scores?.areaUnderCurve
        case .logLoss: return calibration.negativeLogarithms / Double(rows)
        case .perplexity: return exp(calibration.negativeLogarithms / Double(rows))
        case .calibrationError: return calibration.error(rows: rows)
        case .mse: return mean { $0.squaredErrors / $0.count }
        case .rmse: return mean { ($0.squaredErrors / $0.count).squareRoot() }
        case .mae: return mean { $0.absoluteErrors / $0.count }
        // One row alone has no spread.
        case .r2: return rows > 1 ? mean(\.determination) : nil
        }
    }

    /// Every metric that has a meaning, by name.
    public var figures: [String: Double] {
        Metric.allCases.reduce(into: [:]) { $0[$1.rawValue] = value(of: $1) }
    }

    private func precision(_ label: Int) -> Double { ratio(labels.found[label], labels.predicted[label]) }
    private func recall(_ label: Int) -> Double { ratio(labels.found[label], labels.actual[label]) }
    private func f1(_ label: Int) -> Double {
        ratio(2 * labels.found[label], labels.predicted[label] + labels.actual[label])
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }

    /// Mean over the classes that occur.
    private func macro(_ figure: (Int) -> Double) -> Double {
        let present = (0..<scope.classes).filter { labels.actual[$0] + labels.predicted[$0] > 0 }
        return present.reduce(0) { $0 + figure($1) } / Double(present.count)
    }

    private func weighted(_ figure: (Int) -> Double) -> Double {
        (0..<scope.classes).reduce(0) { $0 + figure($1) * Double(labels.actual[$1]) } / Double(rows)
    }

    private func mean(_ figure: (ResidualMoments) -> Double) -> Double {
        residuals.reduce(0) { $0 + figure($1) } / Double(residuals.count)
    }
}
