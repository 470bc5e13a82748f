/// What a layer does to the numbers that go through it.
///
/// Each kind declares its own, so that whoever reasons about layers, such as the checks of jobs, and whoever offers some
/// of them, such as the key `activation` of a family, needs no list of kinds.
public enum LayerRole: Sendable, Equatable {
    /// A sum of its inputs by weights: two in a row are no more than one.
    case affine
    /// Changes no number, or only leaves some out.
    case passing
    /// A function of each number by itself, complete by its name alone, and the range of its results.
    case activation(ClosedRange<Double> = -Double.infinity...Double.infinity)
    /// Makes shares of one whole: from 0 to 1, and 1 together.
    case distribution
    case other

    public var isActivation: Bool { if case .activation = self { true } else { false } }

    /// Of the results; nil where it follows from parameters or inputs.
    public var range: ClosedRange<Double>? {
        switch self {
        case .activation(let range): range
        case .distribution: 0...1
        case .affine, .passing, .other: nil
        }
    }
}
