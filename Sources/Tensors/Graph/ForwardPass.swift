/// The buffers of one call of an operation's forward pass.
public struct ForwardPass {
    public let rows: Int
    /// What to draw random numbers from; nil in evaluation, where nothing is random.
    public let randomness: StepRandomness?
    /// Of matrix products.
    let precision: Precision
    let node: NodePlan
    let buffers: GraphBuffers
    let parameters: UnsafePointer<Float>

    /// rows x the input's shape.
    public func input(_ index: Int = 0) -> UnsafePointer<Float> {
        UnsafePointer(buffers.values[node.inputs[index]])
    }

    /// rows x the output's shape.
    public var output: UnsafeMutablePointer<Float> { buffers.values[node.output] }

    public func parameter(_ index: Int) -> UnsafePointer<Float> {
        parameters + node.parameterOffsets[index]
    }

    /// rows x `keptCount`, and behind it the `fixedKeptCount`; nil where no backward pass will follow.
    public var kept: UnsafeMutablePointer<Float>? {
        node.keptOffset.map { buffers.arena.pointer + $0 }
    }

    public var scratch: UnsafeMutablePointer<Float> { buffers.arena.pointer + node.forwardScratchOffset }
}
