/// Every kind of layer, one line each, in the order of the reference.
enum LayerRegistry {
    static let types: [any Layer.Type] = [
        LinearLayer.self,
        Conv2dLayer.self,
        MaxPool2dLayer.self,
        FlattenLayer.self,
        ReLULayer.self,
        LeakyReLULayer.self,
        GELULayer.self,
        SiLULayer.self,
        SigmoidLayer.self,
        TanhLayer.self,
        SoftmaxLayer.self,
        BatchNormLayer.self,
        LayerNormLayer.self,
        RMSNormLayer.self,
        GroupNormLayer.self,
        DropoutLayer.self,
        SequentialLayer.self,
        ResidualLayer.self,
    ]

    static func type(named kind: String) -> (any Layer.Type)? {
        types.first { $0.kind == kind }
    }
}
