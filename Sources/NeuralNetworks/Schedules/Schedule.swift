import Foundation

/// The learning rate as a function of the step, so that a resumed run goes on with the same one.
public struct Schedule: Sendable, Equatable {
    public let specification: ScheduleSpecification
    /// The optimizer's own rate.
    public let base: Double
    /// Steps of the whole training.
    public let totalSteps: Int

    public init(_ specification: ScheduleSpecification, base: Double, totalSteps: Int) {
        self.specification = specification
        self.base = base
        self.totalSteps = totalSteps
    }

    /// - Parameters:
    ///   - step: steps done before.
    ///   - plateau: what `reduce_on_plateau` has made of the rate so far; nil: nothing.
    public func rate(step: Int, plateau: PlateauState? = nil) -> Double {
        if let warmUp = specification.warmUp, step < warmUp.steps {
            let share = Double(step) / Double(warmUp.steps)
            return start(plateau) * (warmUp.startFactor + (1 - warmUp.startFactor) * share)
        }
        let skipped = specification.warmUp?.steps ?? 0
        let done = Double(step - skipped)
        // At least 1, so that nothing is divided by 0 where the warm-up takes all steps.
        let steps = { Double(max($0 ?? totalSteps - skipped, 1)) }
        switch specification.kind {
        case .constant, .reduceOnPlateau: return start(plateau)
        case .step(let every, let factor): return base * pow(factor, Double((step - skipped) / every))
        case .exponential(let factor): return base * pow(factor, done)
        case .linear(let endFactor, let length):
            return base * (1 + (endFactor - 1) * min(done / steps(length), 1))
        case .cosine(let minimum, let length):
            return minimum + (base - minimum) * (1 + cos(Double.pi * min(done / steps(length), 1))) / 2
        }
    }

    private func start(_ plateau: PlateauState?) -> Double {
        if case .reduceOnPlateau = specification.kind { plateau?.rate ?? base } else { base }
    }
}
