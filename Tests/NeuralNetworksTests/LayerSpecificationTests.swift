import Foundation
import NeuralNetworks
import Testing

struct LayerSpecificationTests {
    @Test func whatIsLeftOutIsFilledIn() {
        let conv = LayerSpecification("conv2d", ["channels": .integer(8), "kernel": .integer(5)])
        #expect(conv == .conv2d(channels: 8, kernel: 5, stride: 1, padding: 2, bias: true))
        #expect(conv.settings["padding"] == .integer(2))
        #expect(LayerSpecification.maxPool2d(size: 3) == .maxPool2d(size: 3, stride: 3))
        #expect(LayerSpecification("dropout", ["probability": .integer(0)]) == .dropout(probability: 0))
    }

    /// What a function for Swift leaves out is what a job file leaves out.
    @Test(arguments: [
        (LayerSpecification.linear(outputs: 3), ["outputs": LayerValue.integer(3)]),
        (.conv1d(channels: 3), ["channels": .integer(3)]), (.conv2d(channels: 3), ["channels": .integer(3)]),
        (.maxPool1d(size: 3), ["size": .integer(3)]), (.maxPool2d(size: 3), ["size": .integer(3)]),
        (.averagePool1d(size: 3), ["size": .integer(3)]), (.averagePool2d(size: 3), ["size": .integer(3)]),
        (.leakyReLU(), [:]), (.gelu, [:]), (.sinusoidalPositions(), [:]),
        (.attention(heads: 3), ["heads": .integer(3)]),
        (.rnn(width: 3), ["width": .integer(3)]), (.lstm(width: 3), ["width": .integer(3)]),
        (.gru(width: 3), ["width": .integer(3)]),
        (.transformerEncoder(layers: 2, heads: 3), ["layers": .integer(2), "heads": .integer(3)]),
        (.transformer(source: 2, heads: 3), ["source": .integer(2), "heads": .integer(3)]),
    ])
    func functionsHaveTheDefaultsOfTheSettings(_ layer: LayerSpecification, _ settings: [String: LayerValue]) {
        #expect(layer == LayerSpecification(layer.kind, settings))
    }

    @Test(arguments: [
        LayerSpecification.relu, .dropout(probability: 0), .conv2d(channels: 4, bias: false),
        .residual([.linear(outputs: 3), .sequential([])], shortcut: [.tanh]),
    ])
    func jsonKeepsEverything(_ layer: LayerSpecification) throws {
        #expect(try JSONDecoder().decode(LayerSpecification.self, from: JSONEncoder().encode(layer)) == layer)
    }

    @Test func jsonIsTheKindWithItsSettings() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(LayerSpecification.residual([.linear(outputs: 3)])), as: UTF8.self)
                == #"{"residual":{"layers":[{"linear":{"bias":true,"outputs":3}}],"shortcut":[]}}"#)
    }

    /// Declarations that contradict themselves would only show in a job file.
    @Test(arguments: LayerKind.all.map(\.name))
    func declarationsAreSound(_ name: String) throws {
        let kind = try #require(LayerKind.named(name))
        #expect(Set(kind.settings.map(\.name)).count == kind.settings.count)
        #expect(kind.settings.filter(\.standsAlone).count <= 1)
        #expect(kind.settings.allSatisfy { !$0.summary.isEmpty && $0.summary.last != "." })
        #expect(!kind.summary.isEmpty)
        let names = LayerKind.all.flatMap { [$0.name] + $0.aliases }
        #expect(names.filter { $0 == name }.count == 1)
        // A lone value sets everything that must be set.
        if let lone = kind.loneSetting {
            #expect(kind.settings.allSatisfy { !$0.isRequired || $0.name == lone.name })
        }
    }
}
