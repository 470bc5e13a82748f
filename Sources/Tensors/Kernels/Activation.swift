import CKernels

/// An element-wise function that linear layers and convolutions apply to their result in the same pass as the bias.
///
/// Only functions whose derivative can be told from their result: the values before it are never stored.
public enum Activation: Sendable, CaseIterable {
    case identity, relu, sigmoid, tanh

    var kernel: martlet_activation {
        switch self {
        case .identity: .identity
        case .relu: .relu
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        }
    }
}
