import NeuralNetworks

/// What each rank tells the others at the end of an epoch.
struct EpochVote {
    var isReady: Bool
    var seconds: Double
    var times: StepTimes
    /// Of each of the rank's slices, in slice order.
    var validation: [MetricAccumulator]

    /// All of it as plain numbers, for the other ranks.
    var values: [Double] { [isReady ? 1 : 0, seconds] + times.values + validation.flatMap(\.values) }

    init(isReady: Bool, seconds: Double, times: StepTimes, validation: [MetricAccumulator]) {
        self.isReady = isReady
        self.seconds = seconds
        self.times = times
        self.validation = validation
    }

    init(values: [Double], scope: MetricScope) throws {
        let head = 2 + StepTimes.count
        guard values.count >= head else {
            throw TrainingError.ranksDisagree(what: "the form of the end-of-epoch message")
        }
        isReady = values[0] == 1
        seconds = values[1]
        times = StepTimes(values: Array(values[2..<head]))
        validation = try MetricAccumulator.all(scope, from: values[head...])
    }
}

extension MetricAccumulator {
    /// As many as there are in these numbers.
    static func all(_ scope: MetricScope, from values: ArraySlice<Double>) throws -> [MetricAccumulator] {
        var rest = values
        var all: [MetricAccumulator] = []
        while !rest.isEmpty {
            guard let next = MetricAccumulator(scope, from: &rest) else {
                throw TrainingError.ranksDisagree(what: "the form of the evaluation")
            }
            all.append(next)
        }
        return all
    }
}
