import Checkpoints
import Datasets
import Digests
import Foundation
import NeuralNetworks
import Tensors
import Training

@testable import Serving

/// A model version with random weights in a store of its own, as the coordinator would have made it.
struct TrainedModel: Sendable {
    var key = ModelKey(model: "flowers", version: 3)
    var task = ModelSpecification.Task.classification
    var features = 6
    var hidden = [8]
    var outputs = 3
    /// As the manifest says it; nil: the manifest does not.
    var meaning: OutputMeaning?
    /// Values of a category column behind the numeric features; empty: no such column.
    var categories: [String] = []
    /// Takes text instead of features.
    var text: TextEncoding?
    /// The features are token ids, of a vocabulary of so many; nil: they are quantities.
    var vocabulary: Int?
    /// Changes the weights before they are written.
    var spoilWeights: @Sendable (UnsafeMutablePointer<Float>) -> Void = { _ in }
    /// Changes the manifest before it is written.
    var spoilManifest: @Sendable (inout Manifest) -> Void = { _ in }
    var folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")

    var rawColumns: Int {
        text.map { $0.positions + (isTranslator ? tokenTargets : 0) } ?? features + (categories.isEmpty ? 0 : 1)
    }

    /// Positions for which tokens are learned; 0: a class is.
    private var tokenTargets: Int {
        switch text?.use {
        case .continueText: text!.positions
        case .translate(_, _, let positions): positions
        case .classify, nil: 0
        }
    }
    private var isTranslator: Bool { text?.begin != nil }
    private var learnsTokens: Bool { tokenTargets > 0 }

    var specification: ModelSpecification {
        if let text, isTranslator {
            return ModelSpecification(
                family: .transformer, task: task, input: [rawColumns], outputs: outputs,
                layers: LayerSpecification.transformerNetwork(
                    vocabulary: text.vocabulary, source: text.positions, decoderLayers: 1,
                    figures: .init(width: 8, heads: 2, layers: 1)))
        }
        if let text {
            return ModelSpecification(
                family: .sequential, task: task, input: [text.positions], outputs: outputs,
                layers: [.embedding(vocabulary: text.vocabulary, width: 4)] + (learnsTokens ? [] : [.meanPositions])
                    + [.linear(outputs: outputs)])
        }
        if let vocabulary {
            return ModelSpecification(
                family: .sequential, task: task, input: [features], outputs: outputs,
                layers: [.embedding(vocabulary: vocabulary, width: 4), .meanPositions, .linear(outputs: outputs)])
        }
        return ModelSpecification(
            family: .mlp, task: task, input: [features + categories.count], outputs: outputs,
            layers: hidden.flatMap { [LayerSpecification.linear(outputs: $0, bias: true), .relu] })
    }

    var preprocessing: Preprocessing {
        if let text {
            let kind = learnsTokens ? Preprocessing.Target.Kind.tokens : .classes((0..<outputs).map { "class \($0)" })
            return Preprocessing(
                features: [], target: Preprocessing.Target(name: "target", column: 0, kind: kind), fileColumns: 2,
                offsets: [], scales: [], form: .text(text), targetCount: max(tokenTargets, 1))
        }
        var columns = (0..<features).map { Preprocessing.Feature(name: "f\($0)", column: $0, kind: .number) }
        if !categories.isEmpty {
            columns.append(Preprocessing.Feature(name: "kind", column: features, kind: .category(categories)))
        }
        let target: Preprocessing.Target.Kind =
            switch task {
            case .regression: .number
            case .binary: .classes(["no", "yes"])
            case .classification: .classes((0..<outputs).map { "class \($0)" })
            }
        return Preprocessing(
            features: columns, target: Preprocessing.Target(name: "target", column: rawColumns, kind: target),
            fileColumns: rawColumns + 1,
            offsets: (0..<features).map { vocabulary == nil ? Double($0) / 2 : 0 } + categories.map { _ in 0 },
            scales: (0..<features).map { vocabulary == nil ? 1 + Double($0) : 1 } + categories.map { _ in 1 })
    }

    /// Some raw rows; a category is given by its index.
    func rawRows(_ count: Int, seed: UInt64 = 1) -> [Float] {
        var random = SplitMix(state: seed)
        if text != nil || vocabulary != nil {
            let ids = Float(vocabulary ?? 8)
            return (0..<count * rawColumns).map { _ in Float.random(in: 0..<ids, using: &random).rounded(.down) }
        }
        return (0..<count).flatMap { _ in
            (0..<features).map { _ in Float.random(in: -3...3, using: &random) }
                + (categories.isEmpty ? [] : [Float(Int.random(in: categories.indices, using: &random))])
        }
    }

    /// Logits of raw rows, one at a time, by the network alone.
    func expected(_ raw: [Float]) throws -> [Float] {
        let network = try Network(specification)
        let executor = InferenceExecutor(network: network, maximumRows: 1)
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 5)
        let input = FloatBuffer(count: network.inputCount)
        let output = FloatBuffer(count: network.outputCount)
        return raw.withUnsafeBufferPointer { raw in
            (0..<(raw.count / rawColumns)).flatMap { row in
                preprocessing.encode(numbers: raw.baseAddress! + row * rawColumns, rows: 1, into: input.pointer)
                executor.run(inputs: input.pointer, rows: 1, parameters: parameters.pointer, outputs: output.pointer)
                return Array(UnsafeBufferPointer(start: output.pointer, count: network.outputCount))
            }
        }
    }

    /// Writes weights and manifest. Returns the store and the manifest's digest.
    func publish() throws -> (store: ContentStore, manifest: ContentDigest) {
        let store = try ContentStore(root: folder)
        let network = try Network(specification)
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 5)
        spoilWeights(parameters.pointer)
        let layout = try SafetensorsLayout(
            tensors: network.layout.entries.map { ($0.name, .float32, $0.shape) }, metadata: [:])
        var file = layout.header
        for tensor in layout.tensors {
            let entry = network.layout.entry(named: tensor.name)!
            let values = UnsafeBufferPointer(start: parameters.pointer + entry.offset, count: entry.count)
            file += Array(UnsafeRawBufferPointer(values))
        }
        let weights = try store.put(file)
        let golden = rawRows(5)
        var manifest = Manifest(
            name: key.model, job: "job-1",
            files: [Manifest.File(name: Manifest.weightsFileName, digest: weights, bytes: file.count)],
            specification: try json(jobSpecification), preprocessing: try json(preprocessing),
            interface: interface, data: ContentDigest(of: []), seed: 5, epoch: 1, step: 1, metrics: [:],
            golden: Golden(input: golden, rows: 5, output: try expected(golden)), codeVersion: "test",
            outputMeaning: meaning?.rawValue)
        spoilManifest(&manifest)
        return (store, try store.put(manifest.encoded()))
    }

    private var interface: ModelInterface {
        func tensor(_ name: String, _ datatype: String, _ shape: [Int]) -> ModelInterface.TensorInterface {
            ModelInterface.TensorInterface(name: name, datatype: datatype, shape: shape)
        }
        let rows = learnsTokens ? [-1, tokenTargets] : [-1]
        let input =
            text != nil
            ? tensor("input", "BYTES", [-1, isTranslator ? 2 : 1])
            : categories.isEmpty
                ? tensor("input", "FP32", [-1, features]) : tensor("input", "BYTES", [-1, rawColumns])
        let outputs =
            (isTranslator ? [tensor("text", "BYTES", [-1])] : [])
            + (meaning ?? OutputMeaning(for: task)).served.map { served in
                served == .label
                    ? tensor("label", "BYTES", rows) : tensor(served.rawValue, "FP32", rows + [self.outputs])
            }
        return ModelInterface(inputs: [input], outputs: outputs)
    }

    private var jobSpecification: JobSpecification {
        JobSpecification(
            name: key.model, model: specification,
            data: DataSpecification(path: "/data.csv", target: "target", split: .init(train: 0.8, test: 0.2)),
            train: TrainSpecification(
                optimizer: OptimizerSpecification(name: .sgd, learningRate: 0.1), batchSize: 8, epochs: 1),
            evaluate: EvaluateSpecification(metrics: [.loss]))
    }

    private func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}
