/// Averages over the batches of a training, such as means and variances, that lie beside the parameters.
///
/// What a slice of a batch measured travels in the place of their gradient, weighted with the slice's rows, and is summed
/// with the gradients over slices and workers. So all ranks move their averages by the same numbers, whichever of them
/// computed which slice.
public struct RunningStatistics: Sendable, Equatable {
    /// Places of the averages in the flat buffers. In that of the gradients: value x rows, summed over the slices.
    let averages: [Range<Int>]
    /// Place of the number of batches. In that of the gradients: the rows of all slices.
    let batches: Int
    /// Weight of the newest batch.
    let momentum: Float

    /// From the first to the last float.
    public var range: Range<Int> { averages[0].lowerBound..<batches + 1 }

    /// average = (1 - momentum) average + momentum (mean over the rows of the batch). Nothing if there was no row.
    public func update(_ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>) {
        let rows = gradients[batches]
        guard rows > 0 else { return }
        for place in averages.joined() {
            parameters[place] += momentum * (gradients[place] / rows - parameters[place])
        }
        parameters[batches] += 1
    }
}
