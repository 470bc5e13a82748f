import struct Checkpoints.ModelInterface
import Messaging
import NIOCore
import Testing
import Wire

@testable import Gateway

@Suite struct InferResponseWriterTests {
    private let response = InferResponse(
        model: "digits", version: "4", digest: "abc",
        outputs: [
            TensorDescription(name: "logits", datatype: .fp32, shape: [1, 3]),
            TensorDescription(name: "label", datatype: .bytes, shape: [1]),
        ], queuedRows: 0)
    private let label: [UInt8] = [3, 0, 0, 0] + Array("a\"\n".utf8)

    private func floats(_ values: [Float]) -> Frame { values.withUnsafeBytes { Frame(copying: $0) } }

    @Test func json() throws {
        var call = InferenceCall()
        call.id = "r\\1"
        let body = try InferResponseWriter.write(
            response, frames: [floats([0.1, -1e-20, 16_777_216]), Frame(copying: label)], for: call)
        #expect(body.headerLength == nil)
        #expect(
            String(buffer: body.buffer) == #"{"model_name":"digits","model_version":"4","id":"r\\1","outputs":["#
                + #"{"name":"logits","datatype":"FP32","shape":[1,3],"data":[0.1,-1e-20,16777216.0]},"#
                + #"{"name":"label","datatype":"BYTES","shape":[1],"data":["a\"\n"]}]}"#)
    }

    @Test func someOutputsAsBytes() throws {
        var call = InferenceCall()
        call.binaryOutputs = true
        call.outputs = [.init(name: "logits"), .init(name: "label", binary: false)]
        let body = try InferResponseWriter.write(
            response, frames: [floats([1, 2, 3]), Frame(copying: label)], for: call)
        let header = try #require(body.headerLength)
        let json = body.buffer.getString(at: 0, length: header)
        #expect(json?.contains(#""shape":[1,3],"parameters":{"binary_data_size":12}}"#) == true)
        #expect(json?.hasSuffix(#""data":["a\"\n"]}]}"#) == true)
        #expect(
            Array(body.buffer.readableBytesView.dropFirst(header)) == [1, 2, 3 as Float].withUnsafeBytes(Array.init))
    }

    @Test func refusesWhatJSONCannotHold() throws {
        var call = InferenceCall()
        let frames = [floats([0, .infinity, 0]), Frame(copying: label)]
        #expect(throws: Failure.self) { try InferResponseWriter.write(response, frames: frames, for: call) }
        call.binaryOutputs = true
        #expect(throws: Never.self) { try InferResponseWriter.write(response, frames: frames, for: call) }
    }

    /// Every finite float comes back from its text as the same bits, wherever its bytes begin, and however many there are.
    @Test(arguments: [0, 1, 255, 256, 257, 20_000])
    func floatsSurvive(count: Int) throws {
        var random = SplitMix(state: 21)
        var values: [Float] = [-.leastNormalMagnitude, .greatestFiniteMagnitude, -1.2345678e-38, -0.00012345678, -0.0]
        while values.count < count {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if value.isFinite { values.append(value) }
        }
        values = Array(values.prefix(count))
        var json = JSONText()
        (values.withUnsafeBytes { [0] + Array($0) }).withUnsafeBytes {
            json.array(ofFloats: UnsafeRawBufferPointer(rebasing: $0.dropFirst()))
        }
        #expect(String(buffer: json.buffer) == "[" + values.map(\.description).joined(separator: ",") + "]")
        let back = try withCursor(String(buffer: json.buffer)) { cursor throws(Failure) in
            var back: [Float] = []
            try cursor.array("numbers") { cursor, _ throws(Failure) in back.append(try cursor.float("a number")) }
            try cursor.finish()
            return back
        }
        #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
    }

    /// What is known of an answer's size before there is one: rows and shapes, twice over for bytes and more for text.
    @Test func sizesAreKnownBefore() {
        let interface = ModelInterface(
            inputs: [],
            outputs: [
                ModelInterface.tensor("logits", "FP32", [-1, 10]), ModelInterface.tensor("steps", "FP32", [-1, -1, 4]),
                ModelInterface.tensor("class", "INT64", [-1]), ModelInterface.tensor("label", "BYTES", [-1]),
            ])
        func bytes(rows: Int, _ outputs: [InferenceCall.Output] = [], binary: Bool = false) -> Int {
            var call = InferenceCall(outputs: outputs, binaryOutputs: binary)
            call.inputs = [TensorDescription(name: "input", datatype: .fp32, shape: [rows, 1])]
            return InferResponseWriter.leastBytes(for: call, of: interface)
        }
        #expect(bytes(rows: 7) == 7 * 40 * 5 + 7 * 8 * 5)
        #expect(bytes(rows: 7, binary: true) == 7 * 40 * 2 + 7 * 8 * 2)
        #expect(bytes(rows: 7, [.init(name: "logits", binary: true)]) == 7 * 40 * 2)
        #expect(bytes(rows: 7, [.init(name: "label")]) == 0)
        #expect(bytes(rows: 1 << 60) == .max)
    }

    @Test(arguments: [[], [1, 2, 3], [4, 0, 0, 0, 65]] as [[UInt8]])
    func refusesFramesThatAreNotWhatTheyShouldBe(label: [UInt8]) {
        #expect(throws: Failure.self) {
            try InferResponseWriter.write(
                response, frames: [floats([1, 2, 3]), Frame(copying: label)], for: InferenceCall())
        }
        #expect(throws: Failure.self) {
            try InferResponseWriter.write(response, frames: [floats([1, 2])], for: InferenceCall())
        }
    }

    /// What a node says of its output is not believed: sizes that no frame can have are its fault, and no trap.
    @Test(arguments: [[-1, 3], [Int.max, 3], [Int.max], [1 << 40], [1 << 33, -1]])
    func refusesImpossibleShapes(shape: [Int]) {
        for datatype in [Datatype.fp32, .int64, .bytes] {
            let response = InferResponse(
                model: "digits", version: "4", digest: "abc",
                outputs: [TensorDescription(name: "logits", datatype: datatype, shape: shape)], queuedRows: 0)
            #expect(throws: Failure.self) {
                try InferResponseWriter.write(response, frames: [floats([1])], for: InferenceCall())
            }
        }
    }
}
