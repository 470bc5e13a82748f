import Checkpoints
import Messaging
import NIOCore
import Wire

/// Writes a node's answer as the body of an `infer` response.
struct InferResponseWriter {
    struct Body {
        var buffer: ByteBuffer
        /// Bytes of JSON at the front, where binary tensors follow; nil: all of it is JSON.
        var headerLength: Int?
    }

    /// Throws where the answer is not what its descriptions say, or holds numbers that JSON has no way to write.
    static func write(_ response: InferResponse, frames: [Frame], for call: InferenceCall) throws(Failure) -> Body {
        guard frames.count == response.outputs.count else {
            throw Failure(.internal, "the node sent \(response.outputs.count) outputs in \(frames.count) frames")
        }
        var json = JSONText(capacity: capacity(for: response.outputs, frames, of: call))
        json.raw("{\"model_name\":")
        json.string(response.model)
        json.raw(",\"model_version\":")
        json.string(response.version)
        if let id = call.id {
            json.raw(",\"id\":")
            json.string(id)
        }
        json.raw(",\"outputs\":[")
        var binary: [Frame] = []
        for (index, output) in response.outputs.enumerated() {
            if index > 0 { json.raw(",") }
            json.raw("{\"name\":")
            json.string(output.name)
            json.raw(",\"datatype\":")
            json.string(output.datatype.rawValue)
            json.raw(",\"shape\":")
            json.array(output.shape) { $0.number($1) }
            if call.isBinary(output: output.name) {
                json.raw(",\"parameters\":{\"binary_data_size\":")
                json.number(frames[index].count)
                json.raw("}}")
                binary.append(frames[index])
            } else {
                json.raw(",\"data\":")
                try data(of: output, frames[index], into: &json)
                json.raw("}")
            }
        }
        json.raw("]}")
        guard !binary.isEmpty else { return Body(buffer: json.buffer, headerLength: nil) }
        let headerLength = json.buffer.readableBytes
        for frame in binary { frame.withUnsafeBytes { json.append($0) } }
        return Body(buffer: json.buffer, headerLength: headerLength)
    }

    /// A float of four bytes is seldom longer than this many of text, with the comma.
    private static let textFactor = 4

    /// Bytes that an answer of these outputs, one frame each, is likely to need.
    static func capacity(for outputs: [TensorDescription], _ frames: [Frame], of call: InferenceCall) -> Int {
        var bytes = 256
        for (output, frame) in zip(outputs, frames) {
            bytes += frame.count * (call.isBinary(output: output.name) ? 1 : textFactor)
        }
        return bytes
    }

    /// Bytes of the frames of an answer and of its body together, as far as they are known before it is computed: by the
    /// rows of the request and by the shapes of the model's outputs.
    static func leastBytes(for call: InferenceCall, of interface: ModelInterface) -> Int {
        var bytes = 0
        for output in interface.outputs where call.asks(for: output.name) {
            let factor = 1 + (call.isBinary(output: output.name) ? 1 : textFactor)
            bytes = bytes.saturatingSum(factor.saturatingProduct(output.bytes(rows: call.rows) ?? 0))
        }
        return bytes
    }

    private static func data(
        of output: TensorDescription, _ frame: Frame, into json: inout JSONText
    ) throws(Failure) {
        let count = try elements(of: output)
        let written: Result<Void, Failure> = frame.withUnsafeBytes { bytes in
            switch output.datatype {
            case .fp32: Result { () throws(Failure) in try floats(bytes, count, output.name, into: &json) }
            case .int64: Result { () throws(Failure) in try integers(bytes, count, output.name, into: &json) }
            case .bytes: Result { () throws(Failure) in try strings(bytes, count, output.name, into: &json) }
            default:
                .failure(Failure(.internal, "output '\(output.name)': no JSON form for \(output.datatype.rawValue)"))
            }
        }
        try written.get()
    }

    /// How many there are, which is no number that a node may choose freely: it has sent them.
    private static func elements(of output: TensorDescription) throws(Failure) -> Int {
        var count = 1
        for dimension in output.shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow, product <= 1 << 32 else {
                throw Failure(.internal, "output '\(output.name)': the node sent the shape \(output.shape)")
            }
            count = product
        }
        return count
    }

    private static func floats(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ name: String, into json: inout JSONText
    ) throws(Failure) {
        guard bytes.count == count * 4 else { throw wrongSize(name, count * 4, bytes.count) }
        for index in 0..<count {
            let value = bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
            guard !value.isFinite else { continue }
            throw Failure(
                .invalidArgument,
                """
                output '\(name)': value \(index) is \(value) for this input, which JSON cannot write; check the \
                scale of the input
                """)
        }
        json.array(ofFloats: bytes)
    }

    private static func integers(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ name: String, into json: inout JSONText
    ) throws(Failure) {
        guard bytes.count == count * 8 else { throw wrongSize(name, count * 8, bytes.count) }
        json.array(0..<count) { $0.number(Int(bytes.loadUnaligned(fromByteOffset: $1 * 8, as: Int64.self))) }
    }

    private static func strings(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ name: String, into json: inout JSONText
    ) throws(Failure) {
        json.raw("[")
        var offset = 0
        for index in 0..<count {
            guard bytes.count - offset >= 4 else { throw wrongSize(name, offset + 4, bytes.count) }
            let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            offset += 4
            guard length <= bytes.count - offset else { throw wrongSize(name, offset + length, bytes.count) }
            if index > 0 { json.raw(",") }
            json.string(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)]))
            offset += length
        }
        guard offset == bytes.count else { throw wrongSize(name, offset, bytes.count) }
        json.raw("]")
    }

    private static func wrongSize(_ name: String, _ expected: Int, _ got: Int) -> Failure {
        Failure(.internal, "output '\(name)': expected a frame of \(expected) bytes, the node sent \(got)")
    }
}

extension ModelInterface.TensorInterface {
    /// Bytes of a tensor of so many rows, nil where its shape or its datatype does not tell.
    fileprivate func bytes(rows: Int) -> Int? {
        guard let width = Datatype(rawValue: datatype)?.byteWidth, shape.dropFirst().allSatisfy({ $0 >= 0 }) else {
            return nil
        }
        return shape.dropFirst().reduce(width.saturatingProduct(rows)) { $0.saturatingProduct($1) }
    }
}

extension Int {
    /// The product, or the largest integer where it is larger. Both factors at least 0.
    fileprivate func saturatingProduct(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The sum, or the largest integer where it is larger. Both at least 0.
    fileprivate func saturatingSum(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
