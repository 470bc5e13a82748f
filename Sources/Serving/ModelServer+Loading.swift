package import Checkpoints
import Datasets
package import Digests
import Messaging
import NeuralNetworks
import Threads
import Wire

extension ModelServer {
    /// The stages of `load`, in order.
    package enum LoadingStage: Sendable {
        case verifying, warming
    }

    /// Loads a version whose files are in the store, and makes it ready: every file is hashed, the weights are checked,
    /// batches are run, and the golden rows must come out of the queue and the executor as the trained network gave
    /// them. Until then it answers no one, and a failure leaves nothing behind.
    ///
    /// Reads the disk on a thread of its own. `stage` is told as each stage begins.
    package func load(
        _ key: ModelKey, manifest digest: ContentDigest, from store: ContentStore,
        stage: @escaping @Sendable (LoadingStage) -> Void = { _ in }
    ) async throws {
        let limits = limits
        let model = try await NamedThread.run("model-loader") {
            stage(.verifying)
            let model = try LoadedModel.load(key, manifest: digest, from: store, limits: limits)
            stage(.warming)
            model.warmUp()
            return model
        }
        install(model)
        do {
            try await checkGolden(of: model)
        } catch {
            await remove(key)
            throw error
        }
        makeReady(key)
    }

    /// Sends the golden rows the way of any request, in pieces that the queue takes, and compares the outputs.
    private func checkGolden(of model: LoadedModel) async throws(Failure) {
        let golden = model.manifest.golden
        let columns = model.preprocessing.rawColumns
        let interval = golden.interval ?? 1
        let expectedCount = interval > 0 ? (golden.rows * model.outputCount + interval - 1) / interval : 0
        guard golden.input.count == golden.rows * columns, golden.output.count == expectedCount else {
            throw Failure(
                .dataCorrupted,
                """
                manifest.json: expected \(golden.rows) golden rows of \(columns) values, and \(expectedCount) outputs: \
                one in \(interval) of \(model.outputCount) a row; found \(golden.input.count) and \(golden.output.count)
                """)
        }
        // Logits of a large vocabulary are many.
        let roomy = limits.outputBytes / (model.outputCount * MemoryLayout<Float>.stride)
        let step = max(1, min(limits.maximumBatchRows, limits.queueRows, roomy))
        for first in stride(from: 0, to: golden.rows, by: step) {
            let rows = first..<min(first + step, golden.rows)
            let outputs = try await goldenOutputs(of: model, Array(golden.input[scaled(rows, by: columns)]), rows.count)
            for (index, output) in zip(scaled(rows, by: model.outputCount), outputs)
            where index.isMultiple(of: interval) {
                let expected = golden.output[index / interval]
                guard abs(output - expected) <= golden.tolerance * max(1, abs(expected)) else {
                    throw Failure(
                        .dataCorrupted,
                        """
                        golden row \(index / model.outputCount + 1), output \(index % model.outputCount + 1): expected \
                        \(expected), got \(output); this node does not compute what was trained
                        """)
                }
            }
        }
    }

    private func goldenOutputs(of model: LoadedModel, _ input: [Float], _ rows: Int) async throws(Failure) -> [Float] {
        let request = InferRequest(
            model: model.key.model, version: String(model.key.version),
            inputs: [
                TensorDescription(
                    name: ModelInterface.inputName, datatype: .fp32, shape: [rows, model.preprocessing.rawColumns])
            ],
            outputs: [model.meaning.served[0].rawValue])
        let frame = input.withUnsafeBytes { Frame(copying: $0) }
        let result = await withCheckedContinuation { continuation in
            submit(request, frames: [frame], id: nil, deadline: nil, .check) { continuation.resume(returning: $0) }
        }
        let answer = try result.get()
        return answer.frames[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    private func scaled(_ rows: Range<Int>, by width: Int) -> Range<Int> {
        rows.lowerBound * width..<rows.upperBound * width
    }
}
