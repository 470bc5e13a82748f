/// What a layer does to the numbers that go through it, as far as the rules care.
enum LayerRole {
    /// A sum of its inputs by weights: two in a row are no more than one.
    case affine
    /// Changes no number, or only leaves some out.
    case passing
    /// Squeezes its inputs into a range.
    case bounded(ClosedRange<Double>)
    case other

    init(of kind: String) {
        switch kind {
        case "linear", "conv1d", "conv2d", "tied_linear": self = .affine
        case "flatten", "dropout", "identity": self = .passing
        case "softmax", "sigmoid": self = .bounded(0...1)
        case "tanh": self = .bounded(-1...1)
        case "relu": self = .bounded(0...Double.infinity)
        default: self = .other
        }
    }

    var isAffine: Bool { if case .affine = self { true } else { false } }
    var isPassing: Bool { if case .passing = self { true } else { false } }
}

extension PlacedLayer {
    var role: LayerRole { LayerRole(of: kind) }
}
