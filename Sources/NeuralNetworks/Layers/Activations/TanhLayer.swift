import Tensors

/// hyperbolic tangent; `nn.Tanh`.
struct TanhLayer: FusedActivationLayer {
    static let kind = "tanh"
    static let summary = "hyperbolic tangent; `nn.Tanh`"
    static let role = LayerRole.activation(-1...1)
    static let function = Activation.tanh
}

extension LayerSpecification {
    public static let tanh = LayerSpecification("tanh")
}
