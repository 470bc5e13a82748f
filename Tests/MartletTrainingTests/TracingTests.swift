import MartletTraining
import Tensors
import Testing

/// What becomes of a model's function.
struct TracingTests {
    struct Pair: Model {
        let left = Layers(.linear(outputs: 4), .relu)
        let right = Layers(.linear(outputs: 4), .relu)
        let head = Layers(.linear(outputs: 1))

        func callAsFunction(_ input: Value) -> Value {
            let parts = input.split(3, 2)
            return head(concatenate(left(parts[0]), right(parts[1])))
        }
    }

    struct Block {
        let layers = Layers(.linear(outputs: 5), .tanh)
    }

    struct Deep: Model {
        let blocks = [Block(), Block()]
        let head: Layers? = Layers(.linear(outputs: 2))

        func callAsFunction(_ input: Value) -> Value {
            head!(blocks.reduce(input) { $0 + $1.layers($0) })
        }
    }

    struct Plain: Model {
        let function: @Sendable (Layers, Value) -> Value
        let layer = Layers(.linear(outputs: 4))

        func callAsFunction(_ input: Value) -> Value { function(layer, input) }
    }

    private func network(_ model: some Model, input: [Int] = [5]) throws -> Network {
        try Network(model, input: input, task: .regression)
    }

    @Test func parametersAreNamedAfterProperties() throws {
        let names = try network(Pair()).layout.entries.map(\.name)
        #expect(
            names == [
                "left.0.weight", "left.0.bias", "right.0.weight", "right.0.bias", "head.0.weight", "head.0.bias",
            ])
        let deep = try network(Deep()).layout.entries.map(\.name)
        #expect(deep.prefix(2) == ["blocks.0.layers.0.weight", "blocks.0.layers.0.bias"])
        #expect(deep.suffix(2) == ["head.0.weight", "head.0.bias"])
    }

    @Test func aLayerCalledTwiceSharesItsParameters() throws {
        let once = try network(Plain { layer, input in layer(input[0..<3]) + layer(input[2..<5]) })
        #expect(once.layout.entries.map(\.name) == ["layer.0.weight", "layer.0.bias"])
        #expect(once.layout.parameterCount == 3 * 4 + 4)
        #expect(once.outputCount == 4)
    }

    @Test func whatDoesNotFitIsNamed() {
        expect(.unknownLayers(["relu"])) { layer, input in Layers(.relu)(layer(input)) }
        expect(.changedShape(layer: "layer", first: [5], now: [4])) { layer, input in layer(layer(input)) }
        expect(.uncalledLayers(["layer"])) { _, input in input * input }
        expect(.unusedResults(["layer"])) { layer, input in
            _ = layer(input)
            return input + input
        }
        expect(.unfit(operation: "+", reason: "[4] and [5] differ in shape")) { layer, input in layer(input) + input }
        expect(.unfit(operation: "section", reason: "3..<6 is no part of the 5 of [5]")) { layer, input in
            layer(input[3..<6])
        }
        expect(.unfit(operation: "split", reason: "the widths [2, 2] do not fill the last dimension of [5]")) {
            layer, input in layer(input.split(2, 2)[0])
        }
        expect(.unfit(operation: "reshaped", reason: "[5] cannot be seen as [2, 3]")) { layer, input in
            layer(input.reshaped(2, 3))
        }
        expect(.unfit(operation: "concatenate", reason: "[5], [1, 5] differ in more than dimension 0")) {
            layer, input in layer(concatenate(input, input.reshaped(1, 5)))
        }
    }

    struct Bare: Model {
        func callAsFunction(_ input: Value) -> Value { input * input }
    }

    @Test func aModelWithoutParametersIsRefused() {
        #expect(throws: NetworkError.nothingToLearn) { try network(Bare()) }
    }

    @Test func aLayerThatDoesNotFitIsNamedByItsProperty() {
        #expect {
            try network(
                Plain { layer, input in layer(input.reshaped(1, 1, 5)) })
        } throws: { "\($0)".hasPrefix("layer[0] (linear) needs [features]") }
    }

    private func expect(
        _ problem: ModelError, location: SourceLocation = #_sourceLocation,
        of function: @escaping @Sendable (Layers, Value) -> Value
    ) {
        #expect(throws: problem, sourceLocation: location) { try network(Plain(function: function)) }
    }
}
