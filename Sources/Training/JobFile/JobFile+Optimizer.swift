import NeuralNetworks
import StrictYAML
import Tensors

extension JobFile {
    /// `optimizer: adam`, or a mapping with a name and the settings that this optimizer has.
    static func optimizer(_ section: YAMLMapping, model: ModelSpecification?) -> OptimizerSpecification {
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
            let name = optimizer.choice("name", of: OptimizerSpecification.Name.self, decidesKeys: true)
            guard optimizer.isSoundSoFar else { return standIn }
            var specification = OptimizerSpecification(
                name: name,
                learningRate: optimizer.number(.learningRate, default: name.defaultLearningRate))
            switch name {
            case .gradientDescent, .sgd: break
            case .momentum, .nesterov:
                specification.momentum = optimizer.number(.momentum, default: specification.momentum)
            case .rmsprop:
                specification.alpha = optimizer.number(.alpha, default: specification.alpha)
                specification.epsilon = optimizer.number(.epsilon, default: specification.epsilon)
                specification.momentum = optimizer.number(.momentum, default: specification.momentum)
            case .adagrad:
                specification.epsilon = optimizer.number(.epsilon, default: specification.epsilon)
            case .adam, .adamw:
                specification.beta1 = optimizer.number(.beta1, default: specification.beta1)
                specification.beta2 = optimizer.number(.beta2, default: specification.beta2)
                specification.epsilon = optimizer.number(.epsilon, default: specification.epsilon)
            }
            specification.weightDecay = optimizer.number(.weightDecay, default: specification.weightDecay)
            if name != .adamw {
                specification.isDecoupled = optimizer.bool("decoupled", default: specification.isDecoupled)
            }
            specification.decayExclusions = optimizer.strings("decay_exclude", default: [])
            checkExclusions(specification, optimizer, model: model)
            return specification
        } ?? standIn
    }

    /// Each must name a parameter: one that does not is a slip that nobody would see. A model that cannot be built is
    /// told of elsewhere.
    private static func checkExclusions(
        _ specification: OptimizerSpecification, _ optimizer: YAMLMapping, model: ModelSpecification?
    ) {
        guard !specification.decayExclusions.isEmpty, let model,
            let names = try? Network(model).layout.entries.map(\.name)
        else {
            return
        }
        for pattern in specification.decayExclusions {
            var alone = specification
            alone.decayExclusions = [pattern]
            if names.allSatisfy(alone.decays) {
                optimizer.report(
                    "decay_exclude", "'\(pattern)' names no parameter, there are \(names.joined(separator: ", "))")
            }
        }
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
