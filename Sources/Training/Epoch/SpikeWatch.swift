/// Decides whether an update is out of line with those before it.
struct SpikeWatch: Sendable {
    let rule: TrainSpecification.SpikeGuard

    /// Steps that are only looked at before any is judged: the first ones are often wild.
    static let trial = 20
    /// Weight of the newest step in the means, once there are enough of them.
    static let weight = 0.02

    /// The state after a step, and whether its update is to be made. A step that is passed over leaves the means alone.
    func judge(loss: Double, gradientNorm: Double, _ before: SpikeState) -> (state: SpikeState, isSound: Bool) {
        var state = before
        guard loss.isFinite, gradientNorm.isFinite,
            state.steps < Self.trial
                || !isSpike(loss, mean: state.loss, factor: rule.lossFactor)
                    && !isSpike(gradientNorm, mean: state.gradientNorm, factor: rule.gradientFactor)
        else {
            state.skipped += 1
            return (state, false)
        }
        state.steps += 1
        let weight = max(1 / Double(state.steps), Self.weight)
        state.loss += weight * (loss - state.loss)
        state.gradientNorm += weight * (gradientNorm - state.gradientNorm)
        return (state, true)
    }

    private func isSpike(_ figure: Double, mean: Double, factor: Double?) -> Bool {
        factor.map { figure > $0 * mean } ?? false
    }
}
