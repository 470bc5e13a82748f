/// Lowers the learning rate when the loss stops falling; `lr_scheduler.ReduceLROnPlateau` in its mode `min`.
public struct PlateauRule: Codable, Sendable, Equatable {
    /// What the rate is multiplied with.
    public var factor: Double
    /// Epochs without a better loss that are borne; the one after them lowers the rate.
    public var patience: Int
    /// A loss is better only if it is below (1 - threshold) x the best.
    public var threshold: Double
    /// Epochs after a reduction that do not count.
    public var cooldown: Int
    /// The lowest rate.
    public var minimum: Double

    public init(
        factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0, minimum: Double = 0
    ) {
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.cooldown = cooldown
        self.minimum = minimum
    }

    /// A smaller change of the rate is not made.
    private static let smallestChange = 1e-8

    /// The state after an epoch that ended with this loss.
    public func state(after loss: Double, from before: PlateauState) -> PlateauState {
        var state = before
        if loss < state.best.map({ $0 * (1 - threshold) }) ?? .infinity {
            state.best = loss
            state.badEpochs = 0
        } else {
            state.badEpochs += 1
        }
        if state.cooldown > 0 {
            state.cooldown -= 1
            state.badEpochs = 0
        }
        if state.badEpochs > patience {
            let lower = max(state.rate * factor, minimum)
            if state.rate - lower > Self.smallestChange { state.rate = lower }
            state.cooldown = cooldown
            state.badEpochs = 0
        }
        return state
    }
}

/// Where a `PlateauRule` stands; part of a checkpoint.
public struct PlateauState: Codable, Sendable, Equatable {
    /// The learning rate behind the warm-up.
    public var rate: Double
    public var best: Double?
    /// Epochs in a row without a better loss.
    public var badEpochs: Int
    /// Epochs that do not count yet.
    public var cooldown: Int

    public init(rate: Double, best: Double? = nil, badEpochs: Int = 0, cooldown: Int = 0) {
        self.rate = rate
        self.best = best
        self.badEpochs = badEpochs
        self.cooldown = cooldown
    }
}
