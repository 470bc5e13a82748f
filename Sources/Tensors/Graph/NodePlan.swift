/// An operation of a graph with the places of everything that it works on.
struct NodePlan {
    let operation: any Operation
    /// The output is the input's buffer, so there is nothing to run.
    let isView: Bool
    /// Values whose buffers are the inputs.
    let inputs: [Int]
    /// The value whose buffer is the output.
    let output: Int
    /// Floats from the start of the flat parameters.
    let parameterOffsets: [Int]
    let inputGradients: [InputGradient]
    let parameterGradients: [ParameterGradient]
    /// Whether the backward pass computes anything that is wanted.
    let hasBackward: Bool
    /// Floats from the start of the arena; nil where nothing is kept.
    let keptOffset: Int?
    let forwardScratchOffset: Int
    let backwardScratchOffset: Int
    /// Whether any of its parameters needs a gradient.
    let wantsParameterGradients: Bool
    /// Places of the flat gradients that become zero after this backward pass.
    let cleared: [Range<Int>]
    /// The part of the flat gradients that is final after this backward pass and was not before.
    let finished: Range<Int>

    enum InputGradient {
        case none
        /// Written to the gradient of this value.
        case value(Int)
        /// Written to this place of the arena, then added to the gradient of the value: another reader came first.
        /// `count` floats a row.
        case part(offset: Int, of: Int, count: Int)
    }

    enum ParameterGradient {
        /// Written to this place of the flat gradients.
        case flat(Int)
        /// `count` floats written to this place of the arena, then added to that place of the flat gradients.
        case part(offset: Int, of: Int, count: Int)
    }
}
