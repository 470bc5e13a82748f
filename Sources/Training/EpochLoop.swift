import NeuralNetworks
import Tensors

/// Epoch after epoch of one run until its rule says that it is over: the state that it stands in, what it tells the
/// observer, and when it takes a checkpoint.
final class EpochLoop {
    let setup: TrainingSetup
    let team: SliceTeam
    let evaluator: Evaluator
    let stop: StopRule
    var state: TrainingState
    var clock = StepClock()
    private let opening: ExchangeOpening
    /// Nil before the first step.
    private var step: GradientStep?

    /// - Parameter state: where to go on.
    init(_ setup: TrainingSetup, team: SliceTeam, evaluator: Evaluator, timeline: Timeline?, state: TrainingState) {
        self.setup = setup
        self.team = team
        self.evaluator = evaluator
        self.state = state
        stop = StopRule(setup.specification)
        opening = ExchangeOpening(setup: setup, team: team, timeline: timeline)
    }

    var specification: TrainSpecification { setup.specification }

    func run(observer: any TrainingObserver) throws -> TrainingRun.Outcome {
        while true {
            if let reason = stop.reason(at: state.progress, curve: state.curve) {
                try checkResult()
                var end = state.copy()
                end.curve = end.curve.thinned()
                return TrainingRun.Outcome(state: end, stopped: reason)
            }
            try runEpoch(observer: observer)
        }
    }

    /// Opened with the first step of the run: all ranks are there at the same time.
    func openStep() throws -> GradientStep {
        if let step { return step }
        let opened = try GradientStep(opening, state: &state)
        step = opened
        return opened
    }
}
