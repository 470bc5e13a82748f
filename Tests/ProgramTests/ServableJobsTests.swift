import Checkpoints
import Datasets
import Digests
import Foundation
import Messaging
import NeuralNetworks
import Tensors
import Testing
import Training
import Wire

@testable import JobProtocol
@testable import ControlPlane
@testable import Serving

/// What the planner takes can be served: the check of the data, the manifest and the node go by one rule of how many results
/// a row has.
@Suite struct ServableJobsTests {
    /// A job of one task with one kind of head, on sequences of three positions.
    struct Head: Sendable, CustomTestStringConvertible {
        var loss: Loss.Name
        var outputs: Int
        var isEach: Bool

        static let positions = 3
        static let all = [
            (Loss.Name.squaredError, 1), (.squaredError, 2), (.divergence, 2), (.binaryCrossEntropy, 1),
            (.crossEntropy, 3),
        ].flatMap { loss, outputs in
            [false, true].map { Head(loss: loss, outputs: outputs, isEach: $0) }
        }

        var testDescription: String { "\(loss.rawValue), \(outputs) outputs\(isEach ? " at each position" : "")" }
        var task: ModelSpecification.Task { loss.meaning.task }
        var positions: Int { isEach ? Self.positions : 1 }
        /// Numbers to learn of a row.
        var targets: Int { positions * Loss(loss).targetCount(outputs: outputs) }

        var model: ModelSpecification {
            ModelSpecification(
                family: .lstm, task: task, input: [Self.positions, 2], outputs: outputs,
                layers: [.lstm(width: 4, isLast: !isEach)])
        }
    }

    /// An `npy` file of 32-bit floats.
    private func npy(_ values: [Float], rows: Int) -> [UInt8] {
        let shape = values.count == rows ? "(\(rows),)" : "(\(rows), \(values.count / rows))"
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
        header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
            + values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    }

    private let rows = 12

    private func job(_ head: Head, in folder: ReadingFolder) throws -> JobSpecification {
        let inputs = (0..<rows * 6).map { Float($0 % 7) / 4 }
        let classes = head.task == .binary ? 2 : head.outputs
        let targets = (0..<rows * head.targets).map { index -> Float in
            // Two shares that make one.
            if head.loss == .divergence { return index.isMultiple(of: 2) ? 0.25 : 0.75 }
            return head.task == .regression ? Float(index % 5) / 10 : Float(index % classes)
        }
        return JobSpecification(
            name: "sequences", model: head.model,
            data: DataSpecification(
                path: try folder.write(npy(inputs, rows: rows), "inputs.npy"), format: .npy,
                targetsPath: try folder.write(npy(targets, rows: rows), "targets.npy"), targets: [],
                split: .init(train: 0.5, test: 0.5)),
            train: TrainSpecification(
                loss: Loss(head.loss), optimizer: OptimizerSpecification(name: .sgd, learningRate: 0.1), batchSize: 4,
                epochs: 1),
            evaluate: EvaluateSpecification(metrics: [.loss]))
    }

    /// The network's outputs for these inputs, as training computes them.
    private func outputs(
        of network: Network, _ inputs: [Float], rows: Int, _ parameters: FloatBuffer
    ) -> [Float] {
        let executor = InferenceExecutor(network: network, maximumRows: rows)
        let outputs = FloatBuffer(count: rows * network.outputCount)
        inputs.withUnsafeBufferPointer { inputs in
            executor.run(
                inputs: inputs.baseAddress!, rows: rows, parameters: parameters.pointer, outputs: outputs.pointer)
        }
        return Array(UnsafeBufferPointer(start: outputs.pointer, count: rows * network.outputCount))
    }

    @Test(arguments: Head.all) func whatIsPlannedIsServed(_ head: Head) async throws {
        let folder = try ReadingFolder()
        let specification = try job(head, in: folder)
        let plan = try DatasetPlanner(of: specification).plan { ContentDigest(of: $0) }

        let network = try Network(specification.model)
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 5)
        let layout = try SafetensorsLayout(
            tensors: network.layout.entries.map { ($0.name, .float32, $0.shape) }, metadata: [:])
        var file = layout.header
        for tensor in layout.tensors {
            let entry = try #require(network.layout.entry(named: tensor.name))
            let values = UnsafeBufferPointer(start: parameters.pointer + entry.offset, count: entry.count)
            file += Array(UnsafeRawBufferPointer(values))
        }
        let store = try ContentStore(root: folder.url.appending(path: "store"))
        let raw = (0..<2 * 6).map { Float($0) / 5 - 1 }
        let expected = outputs(of: network, raw, rows: 2, parameters)
        let result = JobResult(
            model: try store.put(file), modelBytes: file.count, epoch: 1, step: 1, stopped: "epochs", metrics: [:],
            curve: [], golden: Golden(input: raw, rows: 2, output: expected))
        let job = Job(
            id: "sequences-1", number: 1, specification: specification, source: "", submitted: .distantPast)
        let manifest = try Manifest(of: job, plan: plan, result: result)

        let server = ModelServer()
        let key = ModelKey(model: "sequences", version: 1)
        try await server.load(key, manifest: try store.put(manifest.encoded()), from: store)
        let names = manifest.interface.outputs.map(\.name)
        let request = InferRequest(
            model: key.model, version: "1",
            inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [2, 3, 2])], outputs: names)
        let frame = raw.withUnsafeBytes { Frame(copying: $0) }
        let answer = try await withCheckedContinuation { continuation in
            server.submit(request, frames: [frame], id: nil, deadline: nil) { continuation.resume(returning: $0) }
        }.get()
        await server.drain(within: .seconds(5))

        let results = head.isEach ? [Head.positions] : []
        for (place, output) in answer.response.outputs.enumerated() {
            let columns = output.name == "label" ? [] : [head.outputs]
            #expect(manifest.interface.outputs[place].shape == [-1] + results + columns)
            #expect(output.shape == [2] + results + columns)
        }
        let values = answer.frames[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(values.count == 2 * head.positions * head.outputs)
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        guard let place = names.firstIndex(of: "label") else { return }
        // Each is its length in four bytes and one digit.
        let bytes = answer.frames[place].bytes
        let labels = stride(from: 4, to: bytes.count, by: 5).map { Int(bytes[$0]) - 0x30 }
        let chosen = stride(from: 0, to: expected.count, by: head.outputs).map { first in
            head.task == .binary
                ? (expected[first] > 0 ? 1 : 0)
                : (0..<head.outputs).max { expected[first + $0] < expected[first + $1] }!
        }
        #expect(labels == chosen)
    }
}
