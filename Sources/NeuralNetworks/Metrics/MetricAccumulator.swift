/// Counts and sums from which all metrics follow, and which can be merged: over batches, slices and workers.
///
/// Counts are integers, so they are the same in whatever order they are merged. Sums are not quite, so those of slices
/// are merged in the order of the slices, whoever computed them.
public struct MetricAccumulator: Sendable, Equatable {
    public let scope: MetricScope
    /// Of the loss as it was trained with.
    public internal(set) var loss = LossSum()
    /// Rows that count.
    public internal(set) var rows = 0
    var labels: LabelCounts
    var calibration = CalibrationBins()
    /// One for each output of a regression.
    var residuals: [ResidualMoments]
    var scores: ScoreList?

    public init(_ scope: MetricScope) {
        self.scope = scope
        labels = LabelCounts(classes: scope.classes, hasMatrix: scope.hasConfusion)
        residuals = Array(repeating: ResidualMoments(), count: scope.task == .regression ? scope.outputs : 0)
        scores = scope.keepsScores && scope.task != .regression ? ScoreList(columns: scope.outputs) : nil
    }

    /// Adds the rows of a batch.
    ///
    /// - Parameters:
    ///   - values: logits, probabilities or predictions, rows x `scope.outputs`.
    ///   - targets: labels, one a row; for regression rows x `scope.outputs`.
    ///   - count: rows.
    ///   - loss: of these rows.
    public mutating func add(
        outputs values: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows count: Int, loss: LossSum
    ) {
        self.loss += loss
        guard scope.task != .regression else {
            rows += count
            for row in 0..<count {
                for output in 0..<scope.outputs {
                    let place = row * scope.outputs + output
                    residuals[output].add(prediction: Double(values[place]), target: Double(targets[place]))
                }
            }
            return
        }
        for row in 0..<count where !(targets[row] < 0) {
            precondition(
                targets[row] < Float(scope.classes), "a label must be below \(scope.classes), got \(targets[row])")
            let label = Int(targets[row])
            rows += 1
            let judgement = ClassJudgement(of: values + row * scope.outputs, label: label, in: scope)
            labels.add(judgement, label: label, isInTop: judgement.rank < scope.topK)
            calibration.add(judgement, isRight: judgement.predicted == label)
            scores?.add(values + row * scope.outputs, label: label, judgement)
            if let kept = scores, kept.count > MetricScope.scoreLimit { scores = nil }
        }
    }

    /// Adds what was counted elsewhere, for the same scope.
    public mutating func merge(_ other: MetricAccumulator) {
        precondition(other.scope == scope, "metrics of \(other.scope) cannot be added to \(scope)")
        loss += other.loss
        rows += other.rows
        labels.merge(other.labels)
        calibration.merge(other.calibration)
        for output in residuals.indices { residuals[output].merge(other.residuals[output]) }
        if var kept = scores, let more = other.scores, kept.count + more.count <= MetricScope.scoreLimit {
            kept.merge(more)
            scores = kept
        } else {
            scores = nil
        }
    }
}
