import Checkpoints
import Foundation
import Tensors
import Testing

@testable import Training

/// From the tensors of a file to flat parameters, by name.
struct ParameterReadingTests {
    private let parameters: ParameterLayout

    init() {
        var layout = ParameterLayout()
        layout.append(name: "0.weight", shape: Shape([2, 3]))
        layout.append(name: "0.bias", shape: Shape([2]))
        parameters = layout
    }

    private func file(
        _ tensors: [(name: String, elementType: SafetensorsLayout.ElementType, shape: [Int])], _ numbers: [Float]
    ) throws -> SafetensorsFile {
        let layout = try SafetensorsLayout(tensors: tensors)
        let bytes = layout.header + numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
        let url = FileManager.default.temporaryDirectory.appending(path: "parameters-\(UUID().uuidString).safetensors")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try SafetensorsFile(contentsOf: url)
    }

    /// In another order than the parameters, with a prefix, and something else besides.
    @Test func eachTensorGoesToItsPlace() throws {
        let file = try file(
            [("m.0.bias", .float32, [2]), ("step", .float32, [1]), ("m.0.weight", .float32, [2, 3])],
            [1, 2, 9, 3, 4, 5, 6, 7, 8])
        let values = FloatBuffer(count: parameters.count)
        try file.read(parameters, prefix: "m.", of: "moments", into: values.pointer)
        let weight = parameters.entries[0], bias = parameters.entries[1]
        #expect((0..<6).map { values.pointer[weight.offset + $0] } == [3, 4, 5, 6, 7, 8])
        #expect((0..<2).map { values.pointer[bias.offset + $0] } == [1, 2])
        #expect(values.pointer[weight.offset + 6] == 0)
        #expect(file.layout.strangers(to: parameters) == ["m.0.bias", "step", "m.0.weight"])
    }

    @Test func allThatDoesNotFitIsTold() throws {
        let file = try file([("0.weight", .int32, [3, 2])], [1, 2, 3, 4, 5, 6])
        let tensor = try #require(file.layout.tensor(named: "0.weight"))
        #expect(
            file.layout.misfits(of: parameters) == [
                .otherShape(tensor, expected: [2, 3]), .otherType(tensor, expected: [2, 3]),
                .missing("0.bias", shape: [2]),
            ])
        let values = FloatBuffer(count: parameters.count)
        let error = #expect(throws: StateDictionaryError.self) {
            try file.read(parameters, of: "the model", into: values.pointer)
        }
        #expect(
            error?.description == "the model: '0.weight' has the shape [3, 2]: expected [2, 3]; "
                + "'0.weight' holds I32: expected floats; '0.bias' is missing: expected [2]")
        #expect((0..<parameters.count).allSatisfy { values.pointer[$0] == 0 })
    }

    @Test func theFirstNumberThatIsNoneIsFound() {
        let values = FloatBuffer(count: parameters.count)
        #expect(parameters.firstNonFinite(in: values.pointer) == nil)
        let bias = parameters.entries[1]
        values.pointer[bias.offset + 1] = .infinity
        let found = parameters.firstNonFinite(in: values.pointer)
        #expect(found?.entry == bias && found?.index == 1)
    }
}
