/// Sums from which all metrics of a task follow, and which can be added: over batches, and over workers as a vector of
/// doubles. Counts are exact up to 2^53.
public struct MetricAccumulator: Sendable, Equatable {
    public let task: ModelSpecification.Task
    /// Outputs of the network.
    public let outputs: Int
    /// What to add up over workers; the meaning of the places depends on task and outputs only.
    ///
    /// Rows and sum of losses come first. For classes follows the confusion matrix, row-major by true class; for
    /// regression four sums for each output: squared errors, absolute errors, targets, squares of targets.
    public private(set) var sums: [Double]

    static let rowsPlace = 0
    static let lossPlace = 1
    static let firstPlace = 2

    public init(task: ModelSpecification.Task, outputs: Int) {
        self.task = task
        self.outputs = outputs
        sums = [Double](repeating: 0, count: Self.length(task: task, outputs: outputs))
    }

    /// From sums that were added up elsewhere; nil if they are not as many as task and outputs need.
    public init?(task: ModelSpecification.Task, outputs: Int, sums: [Double]) {
        guard sums.count == Self.length(task: task, outputs: outputs) else { return nil }
        self.task = task
        self.outputs = outputs
        self.sums = sums
    }

    /// Length of `sums`.
    public static func length(task: ModelSpecification.Task, outputs: Int) -> Int {
        let classes = classes(task: task, outputs: outputs)
        return firstPlace + (task == .regression ? RegressionSums.count * outputs : classes * classes)
    }

    static func classes(task: ModelSpecification.Task, outputs: Int) -> Int {
        task == .binary ? 2 : outputs
    }

    var classes: Int { Self.classes(task: task, outputs: outputs) }

    /// Adds the rows of a batch.
    ///
    /// - Parameters:
    ///   - outputs: logits or predictions, rows x `outputs`.
    ///   - targets: labels, one a row; for regression rows x `outputs`.
    ///   - lossSum: sum of the losses of the rows.
    public mutating func add(
        outputs values: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, lossSum: Double
    ) {
        sums[Self.rowsPlace] += Double(rows)
        sums[Self.lossPlace] += lossSum
        for row in 0..<rows {
            switch task {
            case .regression: addRegression(values + row * outputs, targets + row * outputs)
            case .binary: count(label: targets[row], predicted: values[row] > 0 ? 1 : 0)
            case .classification: count(label: targets[row], predicted: largest(of: values + row * outputs))
            }
        }
    }

    /// Adds what was counted elsewhere, for the same task and outputs.
    public mutating func merge(_ other: MetricAccumulator) {
        precondition(
            other.task == task && other.outputs == outputs,
            "metrics of \(other.task) with \(other.outputs) outputs cannot be added to \(task) with \(outputs)")
        for place in sums.indices { sums[place] += other.sums[place] }
    }

    private mutating func count(label: Float, predicted: Int) {
        precondition(
            label >= 0 && label < Float(classes), "a label must be from 0 to \(classes - 1), got \(label)")
        sums[Self.firstPlace + Int(label) * classes + predicted] += 1
    }

    /// Index of the first of the largest values.
    private func largest(of values: UnsafePointer<Float>) -> Int {
        var best = 0
        for index in 1..<outputs where values[index] > values[best] { best = index }
        return best
    }

    private mutating func addRegression(_ predictions: UnsafePointer<Float>, _ targets: UnsafePointer<Float>) {
        for output in 0..<outputs {
            let target = Double(targets[output])
            let error = Double(predictions[output]) - target
            let place = Self.firstPlace + output * RegressionSums.count
            sums[place + RegressionSums.squaredErrors] += error * error
            sums[place + RegressionSums.absoluteErrors] += abs(error)
            sums[place + RegressionSums.targets] += target
            sums[place + RegressionSums.squaredTargets] += target * target
        }
    }

    /// Places of the sums of one output.
    enum RegressionSums {
        static let squaredErrors = 0
        static let absoluteErrors = 1
        static let targets = 2
        static let squaredTargets = 3
        static let count = 4
    }
}
