import CKernels

/// In training, zero with the given probability, otherwise x / (1 - probability); in evaluation, x
/// (Srivastava et al., 2014, in its inverted form).
///
/// The mask is never stored: its random numbers depend on seed, step, layer, row of the global batch and element, so
/// the backward pass makes them again, and it does not matter how a batch is cut into slices.
public struct Dropout: Operation {
    public let shape: Shape
    public let probability: Float
    /// Different for each dropout layer of a network.
    public let stream: UInt32

    public init(_ shape: Shape, probability: Float, stream: UInt32) {
        precondition(probability >= 0 && probability < 1, "not a probability below 1: \(probability)")
        self.shape = shape
        self.probability = probability
        self.stream = stream
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }
    public var placement: OutputPlacement { .sharesInputInInference }

    public func forward(_ pass: ForwardPass) {
        guard let randomness = pass.randomness else {
            pass.output.update(from: pass.input(), count: pass.rows * shape.count)
            return
        }
        apply(randomness, from: pass.input(), to: pass.output, rows: pass.rows)
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        apply(pass.randomness, from: pass.outputGradient, to: inputGradient, rows: pass.rows)
    }

    private func apply(
        _ randomness: StepRandomness, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
        rows: Int
    ) {
        let stream = RandomStream(
            seed: randomness.seed, step: UInt32(truncatingIfNeeded: randomness.step), stream: stream)
        kernels.dropout(
            stream.kernel, probability, UInt32(truncatingIfNeeded: randomness.firstRow), source, target, rows,
            shape.count)
    }
}
