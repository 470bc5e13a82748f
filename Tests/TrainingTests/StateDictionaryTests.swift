import Checkpoints
import Foundation
import NeuralNetworks
import Tensors
import Testing
import Training

/// Files that `safetensors.torch.save_file` wrote of PyTorch modules; see `scripts/fixtures/state_dict.py`.
@Suite struct StateDictionaryTests {
    struct Case: Decodable, CustomTestStringConvertible {
        let file: String
        let layers: [LayerSpecification]
        let input: [Int]
        let outputs: Int
        let inputs: [Float]
        let results: [Float]
        var testDescription: String { file }

        func network() throws -> Network {
            try Network(
                ModelSpecification(
                    family: .sequential, task: .regression, input: input, outputs: outputs, layers: layers))
        }
    }

    private static func url(_ name: String, _ type: String) -> URL {
        Bundle.module.bundleURL.appending(path: "Fixtures/\(name).\(type)")
    }

    private static func cases() throws -> [Case] {
        try JSONDecoder().decode([Case].self, from: Data(contentsOf: url("state-dicts", "json")))
    }

    /// Floats of 32 bits, of bfloat16 and of 16 bits.
    @Test(arguments: try cases())
    func aModuleOfPyTorchLoadsByName(_ subject: Case) throws {
        let network = try subject.network()
        let parameters = FloatBuffer(count: network.layout.count)
        try StateDictionary(network).read(
            contentsOf: Self.url(subject.file, "safetensors"), into: parameters.pointer)
        let rows = subject.inputs.count / network.inputCount
        let outputs = FloatBuffer(count: rows * network.outputCount)
        InferenceExecutor(network: network, maximumRows: rows).run(
            inputs: subject.inputs, rows: rows, parameters: parameters.pointer, outputs: outputs.pointer)
        #expect(outputs.count == subject.results.count)
        for (index, expected) in subject.results.enumerated() {
            #expect(abs(outputs.pointer[index] - expected) <= 1e-5 * max(1, abs(expected)), "output \(index)")
        }
    }

    /// Read and written again: the names, types, shapes and bytes of every tensor, which is all that
    /// `load_state_dict` looks at.
    @Test func whatIsWrittenIsWhatPyTorchWrote() throws {
        let subject = try #require(try Self.cases().first { $0.file == "images" })
        let network = try subject.network()
        let parameters = FloatBuffer(count: network.layout.count)
        let dictionary = try StateDictionary(network)
        let url = Self.url(subject.file, "safetensors")
        try dictionary.read(contentsOf: url, into: parameters.pointer)
        let bytes = try dictionary.bytes(parameters.pointer)

        let original = try Data(contentsOf: url)
        let file = try SafetensorsFile(contentsOf: url).layout
        #expect(Set(file.tensors.map(\.name)) == Set(dictionary.file.tensors.map(\.name)))
        for tensor in file.tensors {
            let written = try #require(dictionary.file.tensor(named: tensor.name))
            #expect(written.elementType == tensor.elementType && written.shape == tensor.shape, "\(tensor.name)")
            #expect(Array(bytes[written.bytes]) == Array(original[tensor.bytes]), "\(tensor.name)")
        }
        #expect(dictionary.file.tensor(named: "1.num_batches_tracked")?.elementType == .int64)
        #expect(dictionary.file.metadata == ["format": "pt"])
        #expect(bytes.count == dictionary.file.byteCount)
    }

    /// A base may hold anything where a number of batches is meant.
    @Test(arguments: [1e30, -1, 0.5, .nan, .infinity, 0x1p63] as [Float])
    func aNumberOfBatchesThatIsNoneIsRefused(count: Float) throws {
        let network = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: [2], outputs: 2,
                layers: [.linear(outputs: 2), .batchNorm]))
        let name = "1.num_batches_tracked"
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 1)
        let entry = try #require(network.layout.entry(named: name))
        parameters.pointer[entry.offset] = count
        let error = #expect(throws: StateDictionaryError.self) {
            try StateDictionary(network).bytes(parameters.pointer)
        }
        #expect(
            error?.description
                == "the model: '\(name)' holds \(count): expected a number of batches, whole and from 0 to 2^53")

        let layout = try SafetensorsLayout(tensors: [("0.bias", .float32, [2]), (name, .float32, [])])
        let bytes = layout.bytes(of: 0..<layout.byteCount) { tensor, range, target in
            withUnsafeBytes(of: tensor == 0 ? (Float(0), Float(0)) : (count, Float(0))) {
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range]))
            }
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "base-\(UUID().uuidString).safetensors")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let base = try BaseModel(contentsOf: file)
        #expect(throws: BaseModelError.noCount(name: name, value: "\(count)")) {
            try base.adopt(into: parameters, of: network)
        }
    }

    /// Training would end with its first step, on a machine of the cluster.
    @Test(
        arguments: [
            ("0.bias", Float.nan, "a finite number"), ("0.bias", .infinity, "a finite number"),
            ("1.running_mean", -.infinity, "a finite number"),
            ("1.running_var", .nan, "a finite number that is not negative"),
            ("1.running_var", -0.5, "a finite number that is not negative"),
            ("0.bias", -0.5, nil), ("1.running_mean", -0.5, nil), ("1.running_var", 0, nil), ("2.bias", .nan, nil),
        ] as [(String, Float, String?)])
    func numbersThatNothingCanGoOnFromAreRefused(name: String, value: Float, expected: String?) throws {
        let network = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: [2], outputs: 2,
                layers: [.linear(outputs: 2), .batchNorm]))
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 1)

        let layout = try SafetensorsLayout(tensors: [("1.bias", .float32, [2]), (name, .float32, [2])])
        let bytes = layout.bytes(of: 0..<layout.byteCount) { tensor, range, target in
            withUnsafeBytes(of: layout.tensors[tensor].name == name ? (Float(1), value) : (Float(0), Float(0))) {
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range]))
            }
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "base-\(UUID().uuidString).safetensors")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let base = try BaseModel(contentsOf: file)
        guard let expected else {
            // Of what the network does not have nothing is taken over.
            #expect(try base.adopt(into: parameters, of: network).adopted.contains("1.bias"))
            return
        }
        #expect(throws: BaseModelError.noNumber(name: name, index: 1, value: "\(value)", expected: expected)) {
            try base.adopt(into: parameters, of: network)
        }
    }

    @Test func allThatDoesNotFitIsNamed() throws {
        let network = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: [5], outputs: 8,
                layers: [.embedding(vocabulary: 7, width: 4), .lstm(width: 3), .linear(outputs: 8), .layerNorm]))
        let parameters = FloatBuffer(count: network.layout.count)
        do {
            try StateDictionary(network).read(
                contentsOf: Self.url("words", "safetensors"), into: parameters.pointer)
            Issue.record("it was read")
        } catch let error as StateDictionaryError {
            #expect(error.problems.contains("'2.weight' has the shape [7, 6]: expected [8, 3]"))
            #expect(error.problems.contains("'3.weight' is missing: expected [8]"))
            #expect(error.problems.contains("'1.weight_ih_l1' is no parameter of the network"))
            #expect("\(error)".hasPrefix("words.safetensors: '2.weight' has"))
            #expect("\(error)".hasSuffix("; and \(error.problems.count - 10) more"))
        }
        #expect((0..<parameters.count).allSatisfy { parameters.pointer[$0] == 0 })
    }
}
