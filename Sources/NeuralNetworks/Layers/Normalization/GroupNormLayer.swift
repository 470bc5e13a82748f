import Tensors

/// Groups of channels shifted and scaled to mean 0 and variance 1, row by row; `nn.GroupNorm`.
struct GroupNormLayer: Layer {
    static let kind = "group_norm"
    static let summary = "groups of channels normalised, each row on its own; `nn.GroupNorm`"
    static let settings = [
        LayerSetting(
            "groups", .integer(1...LayerSetting.largestSide), standsAlone: true,
            "number of groups; divides the channels"),
        LayerSetting("epsilon", .number(.above(0)), .value(.number(1e-5)), "added to the variance"),
    ]

    let groups: Int
    let epsilon: Float

    init(_ settings: LayerSettings) {
        groups = settings.integer("groups")
        epsilon = Float(settings.number("epsilon"))
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        guard network.shape.dimensions[0].isMultiple(of: groups) else {
            throw .unfitShape(
                network.position, expected: "a number of channels that \(groups) groups divide",
                actual: network.shape.dimensions, remedy: "choose groups that divide the first figure")
        }
        let operation = GroupNormalization(network.shape, groups: groups, epsilon: epsilon)
        network.apply(operation, named: ["weight", "bias"], initializations: [.constant(1), .constant(0)])
    }
}

extension LayerSpecification {
    public static func groupNorm(groups: Int) -> LayerSpecification {
        LayerSpecification("group_norm", ["groups": .integer(groups)])
    }
}
