package import Checkpoints
import Datasets
package import Digests
import Explanations
import Foundation
import NeuralNetworks
import Tensors
import Training
import Wire

extension LoadedModel {
    /// Builds a version from a store that holds all its files. Reads and hashes every byte: blocks for long.
    ///
    /// Throws a `Failure` or an error of the store, whose description says what is wrong with which file.
    package static func load(
        _ key: ModelKey, manifest digest: ContentDigest, from store: ContentStore, limits: ServingLimits
    ) throws -> LoadedModel {
        let manifest = try Manifest.decode(try store.contents(of: digest))
        let weights = try manifest.file(named: Manifest.weightsFileName)
        try store.verify(weights.digest)
        let job = try decode(JobSpecification.self, manifest.specification, "specification")
        let preprocessing = try decode(Preprocessing.self, manifest.preprocessing, "preprocessing")
        let network = try Network(job.model)
        guard preprocessing.featureCount == network.inputCount else {
            throw Failure(
                .dataCorrupted,
                """
                manifest.json: the network takes \(network.inputCount) inputs, the preprocessing makes \
                \(preprocessing.featureCount)
                """)
        }
        let resultShape = job.resultShape(preprocessing)
        let positions = resultShape.first ?? 1
        guard network.outputPositions == positions else {
            throw Failure(
                .dataCorrupted,
                """
                manifest.json: the network has results at \(network.outputPositions) positions, the preprocessing \
                learned \(positions)
                """)
        }
        let meaning = try meaning(of: manifest, network)
        let labels = try labels(of: network, preprocessing)
        let parameters = try parameters(of: network.layout, in: store.url(of: weights.digest))
        return LoadedModel(
            key: key, digest: digest, manifest: manifest, meaning: meaning, preprocessing: preprocessing,
            network: network, resultShape: resultShape, labels: labels, parameters: parameters, limits: limits)
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ json: JSONText, _ field: String
    ) throws(Failure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(json.utf8))
        } catch {
            throw Failure(.dataCorrupted, "manifest.json: '\(field)' cannot be read: \(error.explanation)")
        }
    }

    /// What training has noted.
    private static func meaning(of manifest: Manifest, _ network: Network) throws(Failure) -> OutputMeaning {
        do throws(OutputMeaningError) {
            return try OutputMeaning(named: manifest.outputMeaning, for: network.specification.task)
        } catch {
            throw Failure(.dataCorrupted, "manifest.json: \(error)")
        }
    }

    private static func labels(of network: Network, _ preprocessing: Preprocessing) throws(Failure) -> [[UInt8]] {
        let specification = network.specification
        guard let count = specification.task.classes(outputs: specification.outputs) else { return [] }
        var labels: [[UInt8]] = []
        for index in 0..<count {
            guard let label = preprocessing.label(ofClass: index) else {
                throw Failure(
                    .dataCorrupted, "manifest.json: the network tells \(count) classes apart, only \(index) have names")
            }
            labels.append(withUnsafeBytes(of: UInt32(label.utf8.count).littleEndian, Array.init) + Array(label.utf8))
        }
        return labels
    }

    /// The flat parameters: every tensor of the layout by name and shape, no other tensor, and only finite numbers.
    private static func parameters(of layout: ParameterLayout, in url: URL) throws -> FloatBuffer {
        let file = try SafetensorsFile(contentsOf: url)
        if let stranger = file.layout.strangers(to: layout).first {
            throw damaged("the network has no parameter '\(stranger)'")
        }
        switch file.layout.misfits(of: layout, types: { $0 == .float32 }).first {
        case nil: break
        case .missing(let name, _): throw damaged("the parameter '\(name)' is missing")
        case .otherShape(let tensor, let shape), .otherType(let tensor, let shape):
            throw damaged(
                "expected '\(tensor.name)' as F32 \(shape), found \(tensor.elementType.rawValue) \(tensor.shape)")
        }
        let parameters = FloatBuffer(count: layout.count)
        try file.read(layout, of: Manifest.weightsFileName, into: parameters.pointer)
        if let (entry, index) = layout.firstNonFinite(in: parameters.pointer) {
            throw damaged("'\(entry.name)' holds \(parameters.pointer[entry.offset + index]) at index \(index)")
        }
        return parameters
    }

    private static func damaged(_ problem: String) -> Failure {
        Failure(.dataCorrupted, "\(Manifest.weightsFileName): \(problem)")
    }
}
