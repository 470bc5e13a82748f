import NeuralNetworks
import StrictYAML

extension JobFile {
    private enum ScheduleName: String, CaseIterable {
        case constant, step, exponential, linear, cosine
        case reduceOnPlateau = "reduce_on_plateau"
    }

    /// `schedule: cosine`, or a mapping with a name, its settings, and those of the warm-up.
    static func schedule(_ value: YAMLValue) -> ScheduleSpecification {
        guard value.isMapping else {
            switch value.asChoice(ScheduleName.self) {
            case .linear: return ScheduleSpecification(.linear(endFactor: 0, steps: nil))
            case .cosine: return ScheduleSpecification(.cosine(minimum: 0, steps: nil))
            case .reduceOnPlateau: return ScheduleSpecification(.reduceOnPlateau(PlateauRule()))
            case .constant, nil: return ScheduleSpecification()
            case .step:
                value.report("step needs to know when: { name: step, every: 1000, factor: 0.1 }")
                return ScheduleSpecification()
            case .exponential:
                value.report("exponential needs a factor: { name: exponential, factor: 0.999 }")
                return ScheduleSpecification()
            }
        }
        return value.mapping { schedule in
            let kind: ScheduleSpecification.Kind =
                switch schedule.choice("name", of: ScheduleName.self, default: .constant, decidesKeys: true) {
                case .constant: .constant
                case .step:
                    .step(
                        every: schedule.integer(.every), factor: schedule.number(.factor, default: 0.1))
                case .exponential: .exponential(factor: schedule.number(.factor))
                case .linear:
                    .linear(
                        endFactor: schedule.number(.endFactor, default: 0),
                        steps: schedule.optionalInteger(.scheduleSteps))
                case .cosine:
                    .cosine(
                        minimum: schedule.number(.minimum, default: 0),
                        steps: schedule.optionalInteger(.scheduleSteps))
                case .reduceOnPlateau:
                    .reduceOnPlateau(plateauRule(schedule))
                }
            let warmUp = schedule.optionalInteger(.warmUpSteps).map { steps in
                var warmUp = ScheduleSpecification.WarmUp(steps: steps)
                warmUp.startFactor = schedule.number("warmup_start", in: 0...1, default: warmUp.startFactor)
                return warmUp
            }
            return ScheduleSpecification(kind, warmUp: warmUp)
        } ?? ScheduleSpecification()
    }

    private static func plateauRule(_ schedule: YAMLMapping) -> PlateauRule {
        let standard = PlateauRule()
        return PlateauRule(
            factor: schedule.number(.plateauFactor, default: standard.factor),
            patience: schedule.integer(.plateauPatience, default: standard.patience),
            threshold: schedule.number(.threshold, default: standard.threshold),
            cooldown: schedule.integer(.cooldown, default: standard.cooldown),
            minimum: schedule.number(.minimum, default: standard.minimum))
    }
}
