/// How the learning rate changes from step to step: the `schedule:` of a job file.
public struct ScheduleSpecification: Codable, Sendable, Equatable {
    /// What follows the warm-up; raw values are the names of the job file.
    public enum Kind: Codable, Sendable, Equatable {
        case constant
        /// rate x factor^(step / every, rounded down); `lr_scheduler.StepLR`.
        case step(every: Int, factor: Double)
        /// rate x factor^step; `lr_scheduler.ExponentialLR`.
        case exponential(factor: Double)
        /// From the rate to rate x endFactor within so many steps, then constant; `lr_scheduler.LinearLR`. Nil: to the
        /// end of training.
        case linear(endFactor: Double, steps: Int?)
        /// From the rate to the minimum along half a cosine within so many steps, then constant;
        /// `lr_scheduler.CosineAnnealingLR`. Nil: to the end of training.
        case cosine(minimum: Double, steps: Int?)
        case reduceOnPlateau(PlateauRule)
    }

    /// The first steps, in which the rate grows evenly from startFactor x rate to the rate.
    public struct WarmUp: Codable, Sendable, Equatable {
        public var steps: Int
        public var startFactor: Double

        public init(steps: Int, startFactor: Double = 0.01) {
            self.steps = steps
            self.startFactor = startFactor
        }
    }

    public var kind: Kind
    public var warmUp: WarmUp?

    public init(_ kind: Kind = .constant, warmUp: WarmUp? = nil) {
        self.kind = kind
        self.warmUp = warmUp
    }
}
