import NeuralNetworks
import StrictYAML

extension JobFile {
    /// `loss: mae`, or a mapping with a name and the settings that this loss has. Nil: the one of the task.
    static func loss(_ section: YAMLMapping, task: ModelSpecification.Task?, outputs: Int?) -> Loss? {
        guard let value = section.value("loss") else { return nil }
        guard value.isMapping else {
            guard let name = value.asChoice(Loss.Name.self) else { return nil }
            if let task, !name.fits(task) { value.report(name.misfit(task)) }
            return Loss(name)
        }
        return value.mapping { settings in
            let standard = Loss(for: task ?? .regression).name
            var loss = Loss(settings.choice("name", of: Loss.Name.self, default: standard, decidesKeys: true))
            if settings.isSoundSoFar, let task, !loss.name.fits(task) {
                settings.report("name", loss.name.misfit(task))
            }
            if task == nil { settings.passOverUnknownKeys() }
            loss.reduction = settings.choice("reduction", of: Loss.Reduction.self, default: loss.reduction)
            if loss.name == .huber { loss.delta = settings.number(.delta, default: loss.delta) }
            guard loss.name.readsLabels else { return loss }
            loss.labelSmoothing = settings.number(.labelSmoothing, default: loss.labelSmoothing)
            loss.classWeights = settings.list("class_weights", "a list with a number for each class", default: []) {
                $0.asNumber(in: JobNumber.classWeight.range)
            }
            if settings.isSoundSoFar, let classes = outputs.map({ max($0, 2) }), !loss.classWeights.isEmpty {
                if loss.classWeights.count != classes {
                    settings.report(
                        "class_weights",
                        "expected a number for each of the \(classes) classes, found \(loss.classWeights.count)")
                } else if !loss.classWeights.contains(where: { $0 > 0 }) {
                    settings.report("class_weights", "expected a number above 0 for at least one class")
                }
            }
            return loss
        }
    }
}

extension Loss.Name {
    fileprivate func misfit(_ task: ModelSpecification.Task) -> String {
        "'\(rawValue)' has no meaning for \(task.rawValue), expected \(Self.words(for: task))"
    }
}
