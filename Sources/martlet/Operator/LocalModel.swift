import JobProtocol
import Checkpoints
import ClusterProtocol
import Datasets
import Foundation
import NeuralNetworks
import Tensors
import Training

/// A version of a model that this process runs itself.
struct LocalModel {
    let network: Network
    /// Of the network's outputs.
    let meaning: OutputMeaning
    let preprocessing: Preprocessing
    let parameters: FloatBuffer

    /// From files as `martlet model export` writes them.
    init(_ manifest: Manifest, weights: URL) throws {
        let decoder = JSONDecoder()
        let specification = try decoder.decode(JobSpecification.self, from: Data(manifest.specification.utf8))
        preprocessing = try decoder.decode(Preprocessing.self, from: Data(manifest.preprocessing.utf8))
        network = try Network(specification.model)
        meaning = try OutputMeaning(named: manifest.outputMeaning, for: specification.model.task)
        parameters = FloatBuffer(count: network.layout.count)
        try StateDictionary(network).read(contentsOf: weights, into: parameters.pointer)
    }

    /// From the folder of an exported version.
    init(folder: URL) throws {
        let manifest = try Manifest.decode([UInt8](Data(contentsOf: folder.appending(path: Manifest.fileName))))
        try self.init(manifest, weights: folder.appending(path: Manifest.weightsFileName))
    }

    /// From the cluster.
    init(_ version: ModelStatus.Version, _ session: OperatorSession) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        try await session.client.download(version.details.file(named: Manifest.weightsFileName).digest, to: file)
        try self.init(try await session.client.manifest(of: version), weights: file)
    }
}
