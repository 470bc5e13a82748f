import NeuralNetworks
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

extension TrainingState {
    /// Where a run begins: with freshly drawn parameters.
    /// - Parameter base: what they are overwritten with, as far as it goes.
    /// - Throws: `NetworkError` or `BaseModelError` if nothing can be taken over from the base.
    init(drawnFor network: Network, _ specification: TrainSpecification, base: BaseModel?) throws {
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: specification.seed)
        try base?.adopt(into: parameters, of: network)
        self.init(
            parameters: parameters, moments: Optimizer(specification.optimizer, layout: network.layout).states,
            best: parameters.copy(), progress: TrainingProgress(), curve: [])
    }
}
