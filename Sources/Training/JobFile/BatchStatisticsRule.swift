package import NeuralNetworks
import Explanations
import Tensors

/// Whether each slice of a whole batch has enough rows for the layers that take a variance of them.
///
/// A slice with a single value of a channel has no variance: all that such a layer would learn from is zeroes. The odd
/// end of an epoch may have such slices, which are normalised by the running averages; whole batches may not.
package struct BatchStatisticsRule {
    let layer: String
    let batchSize: Int
    let slices: Int

    /// Nil where there is nothing to say. A batch of all rows is as large as it can be.
    package init?(brokenBy train: TrainSpecification, in network: Network) {
        guard let batchSize = train.batchSize, batchSize / max(train.slices, 1) < 2,
            let layer = network.batchStatistics.first(where: { $0.valuesPerRow == 1 })
        else { return nil }
        self.layer = layer.parameter
        self.batchSize = batchSize
        slices = train.slices
    }
}

extension BatchStatisticsRule: CustomStringConvertible {
    package var description: String {
        let fewer = batchSize < 2 ? "" : ", or slices to at most \(batchSize / 2)"
        return "batch_norm (\(layer)) takes mean and variance of the rows of a slice, which needs two of them, but a "
            + "batch_size of \(batchSize) in \(counted(slices, "slice")) leaves slices of one row: set batch_size to at least "
            + "\(2 * slices)\(fewer); or use layer_norm or group_norm, which look at each row alone"
    }
}
