import NeuralNetworks

/// A job as the rules see it: what was asked for, and the data as far as it is known.
struct JobUnderReview {
    var specification: JobSpecification
    /// Nil where the data was not read.
    var data: DataFacts?

    /// The layers that stand between input and output with nothing beside them, containers taken apart; the branches
    /// of others, such as `residual`, are lists of their own.
    var chains: [[PlacedLayer]] {
        var chains: [[PlacedLayer]] = []
        var main = PlacedLayer.chain(specification.model.layers, at: "model.layers", branches: &chains)
        // Tied to the embeddings, the last of the layers is the head.
        if specification.model.family != .sequential, specification.model.layers.last?.kind != "tied_linear" {
            let head = LayerSpecification.linear(
                outputs: specification.model.outputs, bias: specification.model.bias)
            main.append(PlacedLayer(path: "model", layer: head, isHead: true))
        }
        return [main] + chains
    }

    /// Whether the loss takes the network's outputs for logits.
    var lossReadsLogits: Bool { specification.loss.name.meaning.areLogits }
}

/// What the rules need to know of the data.
public struct DataFacts: Sendable, Equatable {
    public var trainingRows: Int
    /// Of a target of numbers, over the training part.
    public var targetRange: ClosedRange<Double>?

    public init(trainingRows: Int, targetRange: ClosedRange<Double>? = nil) {
        self.trainingRows = trainingRows
        self.targetRange = targetRange
    }
}

/// A layer and the key of the job file at which it stands.
struct PlacedLayer: Equatable {
    var path: String
    var layer: LayerSpecification
    /// The linear layer that the family adds by itself.
    var isHead = false

    var kind: String { layer.kind }
    var role: LayerRole { LayerKind.named(kind)?.role ?? .other }

    /// The layers in order, those of plain containers in their place.
    static func chain(
        _ layers: [LayerSpecification], at path: String, branches: inout [[PlacedLayer]]
    ) -> [PlacedLayer] {
        var chain: [PlacedLayer] = []
        for (index, layer) in layers.enumerated() {
            let place = "\(path)[\(index)]"
            let lists = layer.settings.sorted { $0.key < $1.key }.compactMap {
                name, value -> (String, [LayerSpecification])? in
                guard case .layers(let list) = value else { return nil }
                return (name, list)
            }
            if layer.kind == "sequential", let (name, list) = lists.first {
                chain += Self.chain(list, at: "\(place).sequential.\(name)", branches: &branches)
                continue
            }
            for (name, list) in lists where !list.isEmpty {
                let branch = Self.chain(list, at: "\(place).\(layer.kind).\(name)", branches: &branches)
                branches.append(branch)
            }
            chain.append(PlacedLayer(path: place, layer: layer))
        }
        return chain
    }
}
