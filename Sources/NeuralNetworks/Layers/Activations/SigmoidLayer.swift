import Tensors

/// 1 / (1 + e^-x); `nn.Sigmoid`.
struct SigmoidLayer: FusedActivationLayer {
    static let kind = "sigmoid"
    static let summary = "1 / (1 + e^-x); `nn.Sigmoid`"
    static let role = LayerRole.activation(0...1)
    static let function = Activation.sigmoid
}

extension LayerSpecification {
    public static let sigmoid = LayerSpecification("sigmoid")
}
