import Checkpoints
import Files
public import Foundation
import NeuralNetworks
import Tensors
public import Training

/// What a trainer has learned.
///
/// ```swift
/// let result = try await trainer.run()
/// for record in result.curve { print("epoch \(record.epoch): loss \(record.trainingLoss)") }
/// for name in result.parameterNames {
///     if let (values, shape) = result.parameter(name) { print(name, shape, values.first ?? 0) }
/// }
/// try result.save(to: file)
/// ```
public struct TrainingResult: Sendable {
    /// One record an epoch.
    public let curve: [EpochRecord]
    /// Counted from 1; the parameters are those after it.
    public let bestEpoch: Int
    /// Why training ended: `epochs` or `patience`.
    public let stopped: String
    /// On the test part, by name; empty without one.
    public let metrics: [String: Double]
    private let network: Network
    private let parameters: FloatBuffer
    private let optimizer: OptimizerSpecification

    init(
        network: Network, parameters: FloatBuffer, optimizer: OptimizerSpecification, curve: [EpochRecord],
        bestEpoch: Int, stopped: String, metrics: [String: Double]
    ) {
        self.network = network
        self.parameters = parameters
        self.optimizer = optimizer
        self.curve = curve
        self.bestEpoch = bestEpoch
        self.stopped = stopped
        self.metrics = metrics
    }

    /// Names of the parameters: the path of properties, the layer's index there, and what it calls them.
    public var parameterNames: [String] { network.layout.entries.map(\.name) }

    /// The values of a parameter, row-major, and its shape; nil if there is none of this name.
    public func parameter(_ name: String) -> (values: [Float], shape: [Int])? {
        network.layout.entry(named: name).map { entry in
            (Array(UnsafeBufferPointer(start: parameters.pointer + entry.offset, count: entry.count)), entry.shape)
        }
    }

    /// Writes the parameters as safetensors: a regular file all at once or not at all, through links to what they lead
    /// to. Every rank has the same ones, so rank 0 is enough.
    public func save(to file: URL) throws {
        let files = try StateFiles(network, optimizer: optimizer)
        try OutputFile.write(files.modelFile(parameters).bytes, to: file.path(percentEncoded: false))
    }

    /// What the model makes of some rows: its outputs for each, without any function behind them.
    public func predict(_ rows: [[Float]]) throws -> [[Float]] {
        try Predictor(network: network, parameters: parameters).predict(rows)
    }
}
