import NeuralNetworks
import StrictYAML

extension JobFile {
    /// More would be a slip of the finger.
    static let maximumWorkers = 1024

    /// The `train:` section.
    static func trainSection(_ section: YAMLMapping) -> TrainSpecification {
        let optimizer = optimizer(section)
        let batchSize = section.integer("batch_size", in: 1...)
        let epochs = section.integer("epochs", in: 1...)
        let seed = section.unsigned("seed", default: 0)
        let workers = section.integer("workers", in: 1...maximumWorkers, default: 1)
        // At least 4, so that a job gives the same bytes on 1, 2 and 4 workers; but no slice of a batch may be empty.
        let slices = section.integer("slices", in: 1...maximumWorkers, default: max(workers, min(4, batchSize)))
        if section.isSoundSoFar {
            if slices < workers {
                section.report(
                    "slices", "\(slices) slices cannot keep \(workers) workers busy: each needs at least one")
            }
            if batchSize < slices {
                section.report(
                    "batch_size", "a batch of \(batchSize) rows cannot be cut into \(slices) slices: each needs a row")
            }
        }
        let stop = section.optionalMapping("stop") { stop in
            TrainSpecification.Stop(
                patience: stop.optionalInteger("patience", in: 1...), steps: stop.optionalInteger("steps", in: 1...))
        }
        return TrainSpecification(
            optimizer: optimizer, batchSize: batchSize, epochs: epochs, seed: seed, workers: workers, slices: slices,
            stop: stop ?? TrainSpecification.Stop())
    }

    /// `optimizer: adam`, or a mapping with a name and the settings that this optimizer has.
    private static func optimizer(_ section: YAMLMapping) -> OptimizerSpecification {
        let standIn = OptimizerSpecification(name: .sgd, learningRate: 1)
        guard let value = section.required("optimizer", "a name, or a mapping with a name and a learning_rate") else {
            return standIn
        }
        if !value.isMapping {
            guard let name = value.asChoice(OptimizerSpecification.Name.self) else { return standIn }
            if name.defaultLearningRate == nil {
                value.report("\(name.rawValue) needs a rate: { name: \(name.rawValue), learning_rate: 0.1 }")
            }
            return OptimizerSpecification(name: name, learningRate: name.defaultLearningRate ?? 1)
        }
        return value.mapping { optimizer in
            let name = optimizer.choice("name", of: OptimizerSpecification.Name.self)
            var specification = OptimizerSpecification(
                name: name,
                learningRate: Float(
                    optimizer.number("learning_rate", in: Above(0), default: name.defaultLearningRate.map(Double.init)))
            )
            specification.weightDecay = Float(optimizer.number("weight_decay", in: 0..., default: 0))
            switch name {
            case .sgd: break
            case .momentum:
                specification.momentum = Float(optimizer.number("momentum", in: 0..<1, default: 0.9))
            case .adam, .adamw:
                specification.beta1 = Float(optimizer.number("beta1", in: 0..<1, default: 0.9))
                specification.beta2 = Float(optimizer.number("beta2", in: 0..<1, default: 0.999))
                specification.epsilon = Float(optimizer.number("epsilon", in: Above(0), default: 1e-8))
            }
            return specification
        } ?? standIn
    }
}

extension OptimizerSpecification.Name {
    /// That of PyTorch for Adam; plain descent has none that is right for most.
    fileprivate var defaultLearningRate: Float? {
        switch self {
        case .sgd, .momentum: nil
        case .adam, .adamw: 0.001
        }
    }
}
