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

    /// What stands between the rows and the columns of the model's results: nothing where a row has one result, the
    /// number of positions where it has one at each. Of tokens each has one, however few there are.
    public func resultShape(_ preprocessing: Preprocessing) -> [Int] {
        let positions = max(1, preprocessing.targetCount / loss.targetCount(outputs: model.outputs))
        return positions > 1 || preprocessing.target.kind == .tokens ? [positions] : []
    }
}
