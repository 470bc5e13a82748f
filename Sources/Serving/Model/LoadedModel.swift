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
    /// What the numbers of a row have to be; nil: any.
    let ids: TokenIDs?
    /// Logits or predictions of a row.
    let outputCount: Int
    /// Positions of a row that have logits of their own; 1 where a row has one result.
    let positions: Int
    /// What stands between rows and columns in the shape of an output: nothing, or the positions.
    let resultShape: [Int]
    /// What it can answer with.
    let outputNames: [String]
    /// What it answers with to a request that names none: all, but where each position has a result only the text, or
    /// their labels, as logits of a whole vocabulary at each of them are much to send to somebody who did not ask.
    let standardOutputs: [String]
    /// The digest as answers carry it.
    let digestText: String
    /// Each class as a BYTES element: its length and its name. Empty for regression.
    let labels: [[UInt8]]
    /// Outputs that are numbers, as many as there are logits.
    let numericOutputs: Set<String>
    /// Writes translations; nil unless texts are translated.
    let decoder: SequenceDecoder?
    /// The batch that it writes now.
    var translation: Translation?
    let parameters: FloatBuffer
    /// Rows that a batch may have: as many as there is memory for, and, once warmed up, as are done in the time that
    /// others may be made to wait.
    private(set) var batchRows: Int
    let limits: ServingLimits
    private let executor: InferenceExecutor
    private let encoded: FloatBuffer
    /// A full batch takes so little time that a messaging thread may run it; known once warmed up.
    private(set) var isQuick = false

    /// What a messaging thread can spare.
    static let quick = Duration.milliseconds(4)

    init(
        key: ModelKey, digest: ContentDigest, manifest: Manifest, meaning: OutputMeaning,
        preprocessing: Preprocessing, network: Network, resultShape: [Int], labels: [[UInt8]],
        parameters: FloatBuffer, limits: ServingLimits
    ) {
        self.key = key
        self.digest = digest
        self.manifest = manifest
        self.meaning = meaning
        self.preprocessing = preprocessing
        ids = TokenIDs(network.specification.embeddedIDs, givenTo: preprocessing)
        outputCount = network.outputCount
        let (names, positions) = (manifest.interface.outputs.map(\.name), network.outputPositions)
        numericOutputs = Set(
            manifest.interface.outputs.lazy.filter { $0.datatype != Datatype.bytes.rawValue }.map(\.name))
        self.positions = positions
        self.resultShape = resultShape
        outputNames = names
        standardOutputs =
            [ServedOutput.text, .label].map(\.rawValue).first { positions > 1 && names.contains($0) }.map { [$0] }
            ?? names
        digestText = digest.description
        self.labels = labels
        self.parameters = parameters
        self.limits = limits
        let rows = Self.rows(of: network, within: limits)
        let executor = InferenceExecutor(network: network, maximumRows: rows)
        batchRows = rows
        self.executor = executor
        if case .text(let text) = preprocessing.form, let begin = text.begin, let end = text.end {
            decoder = SequenceDecoder(executor: executor, start: begin, end: end)
        } else {
            decoder = nil
        }
        encoded = FloatBuffer(count: rows * network.inputCount)
    }

    private static func rows(of network: Network, within limits: ServingLimits) -> Int {
        var rows = limits.maximumBatchRows
        while rows > 1, InferenceExecutor.memoryBytes(network, maximumRows: rows) > limits.batchBytes { rows /= 2 }
        return rows
    }

    /// Runs rows of raw numbers that lie in several places as one batch. Returns the logits, rows x `outputCount`,
    /// which stay valid until the network runs again.
    ///
    /// - Parameter pieces: the first raw number of each piece, and its rows; together at most `batchRows`.
    func run(_ pieces: [(raw: UnsafePointer<Float>, rows: Int)]) -> UnsafePointer<Float> {
        var rows = 0
        for piece in pieces {
            preprocessing.encode(
                numbers: piece.raw, rows: piece.rows, into: encoded.pointer + rows * preprocessing.featureCount)
            rows += piece.rows
        }
        return executor.run(
            inputs: UnsafePointer(encoded.pointer), rows: rows, parameters: UnsafePointer(parameters.pointer))
    }

    /// Runs batches of zeroes, so that the first caller does not wait for pages and kernels, and learns from them how
    /// many rows are done in the time that a batch may take. Begins with one and doubles them as long as that stays
    /// within the time, so that a slow network is warmed up in little more of it.
    func warmUp() {
        let zeroes = FloatBuffer(count: executor.maximumRows * preprocessing.rawColumns)
        // Of a translation each token takes a pass.
        let passTime =
            decoder == nil ? limits.batchTime : min(limits.batchTime, limits.translationTime / positions)
        var rows = 1
        var time = shortestTime(of: rows, zeroes)
        while rows < executor.maximumRows, time * 2 <= passTime {
            rows = min(rows * 2, executor.maximumRows)
            time = shortestTime(of: rows, zeroes)
        }
        batchRows = rows
        isQuick = decoder == nil && rows == executor.maximumRows && time <= Self.quick
    }

    /// Of some runs, as anything may hold up a single one.
    private func shortestTime(of rows: Int, _ zeroes: FloatBuffer) -> Duration {
        (0..<3).map { _ in
            let start = ContinuousClock.now
            _ = run([(raw: UnsafePointer(zeroes.pointer), rows: rows)])
            return ContinuousClock.now - start
        }.min() ?? .zero
    }
}
