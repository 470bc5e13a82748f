import CKernels

/// An element-wise function whose derivative needs its argument; `Activation` has those that need only their result.
public enum PointFunction: Sendable, Equatable {
    /// x above 0, slope x below.
    case leakyReLU(slope: Float)
    /// x Phi(x), with Phi the distribution function of the normal distribution (Hendrycks and Gimpel, 2016).
    case gelu
    /// The same in the approximation by tanh.
    case geluTanh
    /// x sigmoid(x).
    case silu

    var kernel: martlet_function {
        switch self {
        case .leakyReLU: .leaky_relu
        case .gelu: .gelu
        case .geluTanh: .gelu_tanh
        case .silu: .silu
        }
    }

    var slope: Float {
        if case .leakyReLU(let slope) = self { slope } else { 0 }
    }
}
