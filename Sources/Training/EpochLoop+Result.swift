import NeuralNetworks
import Explanations
import Tensors

extension EpochLoop {
    /// Whether what the run ends with is a result: parameters that some epoch has learned, and all of them numbers.
    /// - Throws: `TrainingError.noResult` with what it is instead.
    func checkResult() throws {
        guard state.progress.bestEpoch > 0 else {
            let part = evaluator.validates ? "validation" : "training"
            let last = state.curve.last?.monitoredLoss ?? .nan
            throw TrainingError.noResult(
                "none of \(counted(state.progress.epoch, "epoch")) made an update and had a finite loss on the \(part) part, where "
                    + "the last one's is \(TrainingError.text(last))")
        }
        for entry in setup.network.layout.entries {
            let values = state.best.pointer + entry.offset
            guard let place = (0..<entry.count).first(where: { !values[$0].isFinite }) else { continue }
            throw TrainingError.noResult(
                "'\(entry.name)' holds \(TrainingError.text(Double(values[place]))) at index \(place) after epoch \(state.progress.bestEpoch), the best"
            )
        }
    }
}
