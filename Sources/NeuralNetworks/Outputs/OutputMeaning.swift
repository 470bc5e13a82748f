import Tensors

/// What the numbers mean that a network gives for a row: which task they are for, whether they are probabilities
/// already, and which class they choose.
///
/// It follows from the loss alone, since that is what has made them what they are. Metrics, the evaluation, served
/// outputs and golden rows all read numbers through it, and the manifest of a version says it: so none of them applies a
/// sigmoid or softmax that the network or the loss has applied, and all choose the same class.
public enum OutputMeaning: String, Codable, Sendable, CaseIterable {
    /// Predictions.
    case numbers
    /// Of the second of two classes.
    case logit
    case probability
    /// One for each class.
    case logits
    case probabilities
    /// One for each output; their softmax is the predicted distribution.
    case distributionLogits = "distribution_logits"

    /// What the outputs of a task mean where no loss says it: what they do with the loss that fits the task.
    public init(for task: ModelSpecification.Task) {
        self = Loss(for: task).name.meaning
    }

    /// What the manifest of a model for a task says by this name; where it says nothing, logits of the task. Throws
    /// `OutputMeaningError` for a name that there is not, or that is of another task.
    public init(named name: String?, for task: ModelSpecification.Task) throws(OutputMeaningError) {
        guard let name else {
            self.init(for: task)
            return
        }
        guard let meaning = Self(rawValue: name), meaning.task == task else {
            throw OutputMeaningError(name: name, task: task)
        }
        self = meaning
    }

    public var task: ModelSpecification.Task {
        switch self {
        case .numbers, .distributionLogits: .regression
        case .logit, .probability: .binary
        case .logits, .probabilities: .classification
        }
    }

    /// Whether they are probabilities of classes as they are.
    public var areProbabilities: Bool {
        switch self {
        case .probability, .probabilities: true
        case .numbers, .logit, .logits, .distributionLogits: false
        }
    }

    /// Whether probabilities come of them by a sigmoid or softmax.
    public var areLogits: Bool {
        switch self {
        case .logit, .logits, .distributionLogits: true
        case .numbers, .probability, .probabilities: false
        }
    }

    /// What a served model answers with; the first is the network's outputs as they are.
    public var served: [ServedOutput] {
        switch self {
        case .numbers: [.prediction]
        case .logit: [.logits, .probability, .label]
        case .probability: [.probability, .label]
        case .logits: [.logits, .probabilities, .label]
        case .probabilities: [.probabilities, .label]
        case .distributionLogits: [.logits, .prediction]
        }
    }

    /// What the outputs say: probabilities, or predictions. In place too.
    ///
    /// - Parameters:
    ///   - outputs: rows x columns.
    ///   - readings: gets rows x columns.
    public func read(
        _ outputs: UnsafePointer<Float>, rows: Int, columns: Int, into readings: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .numbers, .probability, .probabilities:
            if outputs != UnsafePointer(readings) { readings.update(from: outputs, count: rows * columns) }
        case .logit: OutputKernels.sigmoid(outputs, into: readings, count: rows * columns)
        case .logits, .distributionLogits:
            OutputKernels.softmax(outputs, into: readings, rows: rows, columns: columns)
        }
    }

    /// The class that the outputs of one row choose: of two the second if its probability is above a half, of several
    /// the likeliest, and of equals the first.
    public func chosenClass(_ outputs: UnsafePointer<Float>, columns: Int) -> Int {
        switch task {
        case .regression: preconditionFailure("numbers choose no class")
        case .binary: return outputs[0] > (areProbabilities ? 0.5 : 0) ? 1 : 0
        case .classification:
            var best = 0
            for index in 1..<columns where outputs[index] > outputs[best] { best = index }
            return best
        }
    }
}

/// A manifest that says of outputs what they cannot mean.
public struct OutputMeaningError: Error, Equatable, CustomStringConvertible {
    public let name: String
    public let task: ModelSpecification.Task

    public var description: String {
        let fitting = OutputMeaning.allCases.filter { $0.task == task }.map(\.rawValue).joined(separator: ", ")
        return "outputMeaning: expected one of \(fitting), found '\(name)'"
    }
}
