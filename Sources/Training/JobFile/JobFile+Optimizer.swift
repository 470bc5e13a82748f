import NeuralNetworks
import StrictYAML

extension JobFile {
    /// `optimizer: adam`, or a mapping with a name and the settings that this optimizer has.
    static func optimizer(_ section: YAMLMapping) -> OptimizerSpecification {
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
                learningRate: optimizer.number("learning_rate", in: Above(0), default: name.defaultLearningRate))
            switch name {
            case .gradientDescent, .sgd: break
            case .momentum, .nesterov:
                specification.momentum = optimizer.number("momentum", in: 0..<1, default: specification.momentum)
            case .rmsprop:
                specification.alpha = optimizer.number("alpha", in: 0..<1, default: specification.alpha)
                specification.epsilon = optimizer.number("epsilon", in: Above(0), default: specification.epsilon)
                specification.momentum = optimizer.number("momentum", in: 0..<1, default: specification.momentum)
            case .adagrad:
                specification.epsilon = optimizer.number("epsilon", in: Above(0), default: specification.epsilon)
            case .adam, .adamw:
                specification.beta1 = optimizer.number("beta1", in: 0..<1, default: specification.beta1)
                specification.beta2 = optimizer.number("beta2", in: 0..<1, default: specification.beta2)
                specification.epsilon = optimizer.number("epsilon", in: Above(0), default: specification.epsilon)
            }
            specification.weightDecay = optimizer.number("weight_decay", in: 0..., default: 0)
            if name != .adamw { specification.isDecoupled = optimizer.bool("decoupled", default: false) }
            specification.decayExclusions = optimizer.strings("decay_exclude", default: [])
            return specification
        } ?? standIn
    }
}

extension OptimizerSpecification.Name {
    /// Those of PyTorch; plain descent has none that is right for most.
    fileprivate var defaultLearningRate: Double? {
        switch self {
        case .gradientDescent, .sgd, .momentum, .nesterov: nil
        case .rmsprop, .adagrad: 0.01
        case .adam, .adamw: 0.001
        }
    }
}
