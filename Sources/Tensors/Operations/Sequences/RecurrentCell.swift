/// What a recurrent layer does at each step with its input x and its state h.
public enum RecurrentCell: Sendable, CaseIterable {
    /// h' = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman, 1990)
    case tanh
    /// The same with max(0, ·).
    case relu
    /// Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., 2000), with gates in PyTorch's order:
    /// input, forget, candidate, output. It has a second state, the cell.
    case lstm
    /// Gated recurrent unit (Cho et al., 2014) in PyTorch's form, with gates reset, update, candidate, where the reset
    /// gate acts behind the product with W_hh.
    case gru

    /// Linear functions of x and h at each step, each as wide as the state.
    public var gates: Int {
        switch self {
        case .tanh, .relu: 1
        case .lstm: 4
        case .gru: 3
        }
    }

    /// Whether there is a cell besides the hidden state.
    public var hasCell: Bool { self == .lstm }
}
