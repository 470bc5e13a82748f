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

    /// Every finite float comes back from its text as the same bits.
    @Test func floatsSurvive() throws {
        var random = SplitMix(state: 21)
        for _ in 0..<20_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            guard value.isFinite else { continue }
            var json = JSONText()
            json.number(value)
            let back = try withCursor(String(buffer: json.buffer)) { cursor throws(Failure) in
                let back = try cursor.float("a number")
                try cursor.finish()
                return back
            }
            #expect(back.bitPattern == value.bitPattern)
        }
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
