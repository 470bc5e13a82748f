import Tensors

/// max(x, 0); `nn.ReLU`.
struct ReLULayer: FusedActivationLayer {
    static let kind = "relu"
    static let summary = "max(x, 0); `nn.ReLU`"
    static let role = LayerRole.activation(0...Double.infinity)
    static let function = Activation.relu
}

extension LayerSpecification {
    public static let relu = LayerSpecification("relu")
}
