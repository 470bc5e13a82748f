public import Tensors

/// Everything a run needs to go on as if nothing had happened: a checkpoint's content in memory.
public struct TrainingState: Sendable {
    public var parameters: FloatBuffer
    /// The optimizer's moments by name, laid out like the parameters.
    public var moments: [(name: String, buffer: FloatBuffer)]
    /// The parameters of the best epoch so far.
    public var best: FloatBuffer
    public var progress: TrainingProgress
    /// Of a long run not every epoch: `[EpochRecord].thinned`.
    public var curve: [EpochRecord]

    public init(
        parameters: FloatBuffer, moments: [(name: String, buffer: FloatBuffer)], best: FloatBuffer,
        progress: TrainingProgress, curve: [EpochRecord]
    ) {
        self.parameters = parameters
        self.moments = moments
        self.best = best
        self.progress = progress
        self.curve = curve
    }

    /// An independent copy, for a checkpoint that is written while training goes on.
    func copy() -> TrainingState {
        TrainingState(
            parameters: parameters.copy(), moments: moments.map { ($0.name, $0.buffer.copy()) }, best: best.copy(),
            progress: progress, curve: curve)
    }
}
