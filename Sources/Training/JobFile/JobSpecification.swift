public import Datasets
public import NeuralNetworks

/// A job file, checked and complete: what to learn, from which data, how, and when the result is good enough.
public struct JobSpecification: Codable, Sendable, Equatable {
    /// Name of the model that the job makes a version of.
    public var name: String
    public var model: ModelSpecification
    public var data: DataSpecification
    public var train: TrainSpecification
    public var evaluate: EvaluateSpecification

    public init(
        name: String, model: ModelSpecification, data: DataSpecification, train: TrainSpecification,
        evaluate: EvaluateSpecification
    ) {
        self.name = name
        self.model = model
        self.data = data
        self.train = train
        self.evaluate = evaluate
    }
}

extension JobSpecification {
    /// The one that the job names, or else that of the task.
    public var loss: Loss { train.loss ?? Loss(for: model.task) }
}
