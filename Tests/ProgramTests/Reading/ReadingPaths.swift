import Checkpoints
import Datasets
import Digests
import Foundation
import Messaging
import NeuralNetworks
import Wire

@testable import Gateway
@testable import Serving
@testable import martlet

/// One file on all four ways that a value goes: planned, read by a worker, asked about by `martlet predict`, and read by the
/// gateway and a node.
struct ReadingPaths {
    let plan: DataPlan
    /// The inputs of each sample and its targets behind them, as a worker reads them, in no order.
    let trained: [[UInt32]]

    /// Throws what planning says of the data.
    init(
        _ specification: DataSpecification, target: TargetRequirement, input: [Int]
    ) throws {
        var shards: [ContentDigest: [UInt8]] = [:]
        plan = try DatasetPlanner(
            file: URL(filePath: specification.path), specification: specification, target: target, input: input,
            slices: 2, batchSize: 2, seed: 1
        ).plan { bytes in
            let digest = ContentDigest(of: bytes)
            shards[digest] = bytes
            return digest
        }
        let reader = ShardReader(preprocessing: plan.preprocessing)
        var trained: [[UInt32]] = []
        for shard in plan.training + plan.validation + plan.test where shard.rows > 0 {
            let samples = try shards[shard.digest]!.withUnsafeBytes { try reader.samples(of: $0) }
            trained += Self.rows(samples.features, width: samples.featureCount)
        }
        self.trained = trained
    }

    /// What a person knows of the model.
    func metadata(input shape: [Int]) -> ModelMetadata {
        let preprocessing = plan.preprocessing
        let texts = preprocessing.takesTexts
        return ModelMetadata(
            name: "model",
            inputs: [
                .init(
                    name: "input", datatype: texts ? "BYTES" : "FP32",
                    shape: [-1] + (texts ? [preprocessing.rawCells] : shape),
                    parameters: .init(columns: preprocessing.cellNames))
            ])
    }

    /// The inputs that the network gets when the file is asked about, in order of its rows.
    func served(_ file: String, input shape: [Int]) throws -> [[UInt32]] {
        let metadata = metadata(input: shape)
        let interface = ModelInterface(
            inputs: metadata.inputs.map { .init(name: $0.name, datatype: $0.datatype, shape: $0.shape) }, outputs: [])
        guard let file = PredictionFile(file) else { return [] }
        return try file.requests(for: metadata).flatMap { request in
            let call = try request.body.withUnsafeBytes { try InferRequestReader.read($0, interface: interface) }
            let raw = try RawRows(call.frames[0], call.inputs[0], plan.preprocessing)
            let width = plan.preprocessing.featureCount
            var inputs = [Float](repeating: 0, count: raw.rows * width)
            for row in 0..<raw.rows {
                inputs.withUnsafeMutableBufferPointer { inputs in
                    raw.withRow(row) {
                        plan.preprocessing.encode(numbers: $0, rows: 1, into: inputs.baseAddress! + row * width)
                    }
                }
            }
            return Self.rows(inputs, width: width)
        }
    }

    private static func rows(_ numbers: [Float], width: Int) -> [[UInt32]] {
        stride(from: 0, to: numbers.count, by: width).map { numbers[$0..<$0 + width].map(\.bitPattern) }
    }

    /// In an order that depends on the rows alone.
    static func sorted(_ rows: [[UInt32]]) -> [[UInt32]] { rows.sorted { $0.lexicographicallyPrecedes($1) } }
}

/// A folder of its own that goes with the object.
final class ReadingFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "reading-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file and returns its path.
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path(percentEncoded: false)
    }
}
