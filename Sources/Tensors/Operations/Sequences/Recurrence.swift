/// One layer of a recurrent network over a sequence (positions x features), in one or both directions, as in PyTorch's
/// `nn.RNN`, `nn.LSTM` and `nn.GRU` with `batch_first`.
///
/// Parameters of each direction: `weight_ih` (gates width x features), `weight_hh` (gates width x width), `bias_ih` and
/// `bias_hh` (gates width). Inputs: the sequence, then, if the states come from outside, the hidden state
/// (directions x width) and for an LSTM the cell state.
///
/// All gates of all steps get the input's part from one matrix product, and the gradients of both weights are one
/// product each over all steps; what must go step by step is only the product with `weight_hh`, packed once a pass, and
/// one fused loop over the gates. Everything between is stored step by step, so that all rows of a step lie together.
public struct Recurrence: Operation {
    public enum Result: Sendable, Equatable {
        /// The hidden state at all positions: positions x (directions width).
        case sequence
        /// The hidden state of each direction after its last step: directions width.
        case last
        /// Both, and the cells behind them, as one flat row: the sequence, the hidden states, the cell states.
        case sequenceAndState
    }

    public let inputShape: Shape
    public let width: Int
    public let cell: RecurrentCell
    public let isBidirectional: Bool
    public let result: Result
    /// Whether the states before the first step are inputs; zeroes otherwise.
    public let hasInitialState: Bool
    public let outputShape: Shape
    let positions: Int
    let features: Int

    public init(
        _ inputShape: Shape, width: Int, cell: RecurrentCell, isBidirectional: Bool = false,
        result: Result = .sequence, hasInitialState: Bool = false
    ) {
        precondition(inputShape.dimensions.count == 2, "a sequence is positions x features, got \(inputShape)")
        self.inputShape = inputShape
        self.width = width
        self.cell = cell
        self.isBidirectional = isBidirectional
        self.result = result
        self.hasInitialState = hasInitialState
        positions = inputShape.dimensions[0]
        features = inputShape.dimensions[1]
        let states = (isBidirectional ? 2 : 1) * width
        outputShape =
            switch result {
            case .sequence: [positions, states]
            case .last: [states]
            case .sequenceAndState: [(positions + (cell.hasCell ? 2 : 1)) * states]
            }
    }

    var directions: Int { isBidirectional ? 2 : 1 }
    var gates: Int { cell.gates * width }
    /// Floats of all hidden states of a row.
    var stateCount: Int { directions * width }

    public var inputShapes: [Shape] {
        let states = hasInitialState ? (cell.hasCell ? 2 : 1) : 0
        return [inputShape] + [Shape](repeating: [directions, width], count: states)
    }

    public var parameterShapes: [Shape] {
        (0..<directions).flatMap { _ -> [Shape] in [[gates, features], [gates, width], [gates], [gates]] }
    }

    public var work: Work { .product(directions * positions * gates * (features + width)) }

    public var keptCount: Int { positions * features + directions * directionCount }

    /// Floats that one direction of a row keeps.
    var directionCount: Int {
        let states = (positions + 1) * width
        let memory =
            switch cell {
            case .tanh, .relu: 0
            case .lstm: states
            case .gru: positions * width
            }
        return positions * gates + states + memory
    }
}
