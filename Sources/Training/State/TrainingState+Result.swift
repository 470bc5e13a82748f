import Explanations
import NeuralNetworks
import Tensors

extension TrainingState {
    /// Whether what a run ends with is a result: parameters that some epoch has learned, and all of them numbers.
    ///
    /// - Parameter part: of the data, whose loss decided which epoch was the best.
    /// - Throws: `TrainingError.noResult` with what it is instead.
    func checkResult(of network: Network, judgedOn part: String) throws {
        guard progress.bestEpoch > 0 else {
            let last = curve.last?.monitoredLoss ?? .nan
            throw TrainingError.noResult(
                "none of \(counted(progress.epoch, "epoch")) made an update and had a finite loss on the \(part) part, where "
                    + "the last one's is \(TrainingError.text(last))")
        }
        for entry in network.layout.entries {
            let values = best.pointer + entry.offset
            guard let place = (0..<entry.count).first(where: { !values[$0].isFinite }) else { continue }
            throw TrainingError.noResult(
                "'\(entry.name)' holds \(TrainingError.text(Double(values[place]))) at index \(place) after epoch \(progress.bestEpoch), the best"
            )
        }
    }
}
