/// Every kind of layer, one line each, in the order of the reference.
enum LayerRegistry {
    static let types: [any Layer.Type] = [
        LinearLayer.self,
        Conv2dLayer.self,
        Conv1dLayer.self,
        MaxPool2dLayer.self,
        MaxPool1dLayer.self,
        AveragePool2dLayer.self,
        AveragePool1dLayer.self,
        GlobalAveragePoolLayer.self,
        FlattenLayer.self,
        TransposeLayer.self,
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
        EmbeddingLayer.self,
        LearnedPositionsLayer.self,
        SinusoidalPositionsLayer.self,
        RNNLayer.self,
        LSTMLayer.self,
        GRULayer.self,
        AttentionLayer.self,
        TransformerEncoderLayer.self,
        TransformerLayer.self,
        LastPositionLayer.self,
        MeanPositionsLayer.self,
        TiedLinearLayer.self,
        SequentialLayer.self,
        ResidualLayer.self,
    ]

    static func type(named kind: String) -> (any Layer.Type)? {
        types.first { $0.kind == kind }
    }
}
