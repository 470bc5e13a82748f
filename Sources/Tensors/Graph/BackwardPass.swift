/// The buffers of one call of an operation's backward pass.
public struct BackwardPass {
    public let rows: Int
    /// The same as in the forward pass before.
    public let randomness: StepRandomness
    /// Of matrix products.
    let precision: Precision
    let node: NodePlan
    let buffers: GraphBuffers
    let parameters: UnsafePointer<Float>
    let gradients: UnsafeMutablePointer<Float>

    /// rows x the input's shape.
    public func input(_ index: Int = 0) -> UnsafePointer<Float> {
        UnsafePointer(buffers.values[node.inputs[index]])
    }

    /// rows x the output's shape.
    public var output: UnsafePointer<Float> { UnsafePointer(buffers.values[node.output]) }

    /// rows x the output's shape; may be overwritten.
    public var outputGradient: UnsafeMutablePointer<Float> { buffers.gradients[node.output] }

    /// rows x the input's shape; nil if nothing that is learned depends on it.
    public func inputGradient(_ index: Int = 0) -> UnsafeMutablePointer<Float>? {
        switch node.inputGradients[index] {
        case .none: nil
        case .value(let value): buffers.gradients[value]
        case .part(let offset, _, _): buffers.arena.pointer + offset
        }
    }

    public func parameter(_ index: Int) -> UnsafePointer<Float> {
        parameters + node.parameterOffsets[index]
    }

    public func parameterGradient(_ index: Int) -> UnsafeMutablePointer<Float> {
        switch node.parameterGradients[index] {
        case .flat(let offset): gradients + offset
        case .part(let offset, _, _): buffers.arena.pointer + offset
        }
    }

    /// False if all parameters are frozen: then nobody reads their gradients.
    public var wantsParameterGradients: Bool { node.wantsParameterGradients }

    /// What the forward pass kept: rows x `keptCount`, and behind it the `fixedKeptCount`.
    public var kept: UnsafeMutablePointer<Float> { buffers.arena.pointer + node.keptOffset! }

    public var scratch: UnsafeMutablePointer<Float> { buffers.arena.pointer + node.backwardScratchOffset }
}
