import Tensors

/// An activation without settings whose derivative follows from its result. Behind a layer that takes it, it is not
/// built at all: that layer applies it in the pass that writes its result.
protocol FusedActivationLayer: Layer {
    static var function: Activation { get }
    init()
}

extension FusedActivationLayer {
    init(_ settings: LayerSettings) { self.init() }

    var activation: Activation? { Self.function }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(ElementWise(network.shape, Self.function))
    }
}
