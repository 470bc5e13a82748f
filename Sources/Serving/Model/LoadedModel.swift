package import Checkpoints
import Datasets
package import Digests
import NeuralNetworks
import Tensors
import Wire

/// A model version in memory: its network, its weights, and what its rows and outputs mean. Runs batches; used by one
/// thread at a time, first by the one that loads it, then by the executor.
package final class LoadedModel: @unchecked Sendable {
    package let key: ModelKey
    /// Digest of the manifest.
    package let digest: ContentDigest
    package let manifest: Manifest
    let meaning: OutputMeaning
    let preprocessing: Preprocessing
    /// Logits or predictions of a row.
    let outputCount: Int
    /// Positions of a row that have logits of their own; 1 where a row has one result.
    let positions: Int
    /// What it can answer with.
    let outputNames: [String]
    /// What it answers with to a request that names none: all, but where each position has a result only the text, or
    /// their labels, as logits of a whole vocabulary at each of them are much to send to somebody who did not ask.
    let standardOutputs: [String]
    /// The digest as answers carry it.
    let digestText: String
    /// Each class as a BYTES element: its length and its name. Empty for regression.
    let labels: [[UInt8]]
    /// Writes translations; nil unless texts are translated.
    let decoder: SequenceDecoder?
    let parameters: FloatBuffer
    private let executor: InferenceExecutor
    private let encoded: FloatBuffer
    private let logits: FloatBuffer
    /// A full batch takes so little time that a messaging thread may run it; known once warmed up.
    private(set) var isQuick = false

    /// What a messaging thread can spare.
    static let quick = Duration.milliseconds(4)

    init(
        key: ModelKey, digest: ContentDigest, manifest: Manifest, meaning: OutputMeaning,
        preprocessing: Preprocessing, network: Network, labels: [[UInt8]], parameters: FloatBuffer, maximumRows: Int
    ) {
        self.key = key
        self.digest = digest
        self.manifest = manifest
        self.meaning = meaning
        self.preprocessing = preprocessing
        outputCount = network.outputCount
        let (names, positions) = (manifest.interface.outputs.map(\.name), network.outputPositions)
        self.positions = positions
        outputNames = names
        standardOutputs = ["text", "label"].first { positions > 1 && names.contains($0) }.map { [$0] } ?? names
        digestText = digest.description
        self.labels = labels
        self.parameters = parameters
        if case .text(let text) = preprocessing.form, let begin = text.begin, let end = text.end {
            decoder = SequenceDecoder(network: network, start: begin, end: end, maximumRows: maximumRows)
        } else {
            decoder = nil
        }
        executor = InferenceExecutor(network: network, maximumRows: maximumRows)
        encoded = FloatBuffer(count: maximumRows * network.inputCount)
        logits = FloatBuffer(count: maximumRows * network.outputCount)
    }

    var maximumRows: Int { executor.maximumRows }

    /// Runs rows of raw numbers that lie in several places as one batch. Returns the logits, rows x `outputCount`,
    /// which stay valid until the next call.
    ///
    /// - Parameter pieces: the first raw number of each piece, and its rows; together at most `maximumRows`.
    func run(_ pieces: [(raw: UnsafePointer<Float>, rows: Int)]) -> UnsafePointer<Float> {
        var rows = 0
        for piece in pieces {
            preprocessing.encode(
                numbers: piece.raw, rows: piece.rows, into: encoded.pointer + rows * preprocessing.featureCount)
            rows += piece.rows
        }
        executor.run(
            inputs: UnsafePointer(encoded.pointer), rows: rows, parameters: UnsafePointer(parameters.pointer),
            outputs: logits.pointer)
        return UnsafePointer(logits.pointer)
    }

    /// Runs one row and full batches of zeroes, so that the first caller does not wait for pages and kernels, and learns
    /// how long a full batch takes: the shortest of some, as anything may hold up a single one.
    func warmUp() {
        let zeroes = FloatBuffer(count: maximumRows * preprocessing.rawColumns)
        var shortest = Duration.seconds(3600)
        for rows in [1, maximumRows, maximumRows, maximumRows] {
            let start = ContinuousClock.now
            _ = run([(raw: UnsafePointer(zeroes.pointer), rows: rows)])
            if rows == maximumRows { shortest = min(shortest, .now - start) }
        }
        // A translation takes a pass for each of its tokens.
        isQuick = decoder == nil && shortest <= Self.quick
    }
}
