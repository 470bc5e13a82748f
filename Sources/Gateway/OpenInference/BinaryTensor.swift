import Messaging
import Wire

/// Tensors of the binary extension: little-endian values one after the other, behind the JSON.
enum BinaryTensor {
    /// A frame of the model's datatype from the bytes a caller sent.
    static func frame(_ bytes: UnsafeRawBufferPointer, _ expected: InputExpectation) throws(Failure) -> Frame {
        if let width = expected.given.byteWidth {
            guard bytes.count == expected.count * width else {
                throw Failure(
                    .invalidArgument,
                    """
                    input '\(expected.name)': \(expected.given.rawValue) of shape \(expected.shape) takes \
                    \(expected.count * width) bytes, binary_data_size is \(bytes.count)
                    """)
            }
        }
        switch expected.given {
        case .bytes: return try strings(bytes, expected)
        case .fp32: return try floats(bytes, expected) { (value: Float) in value }
        case .fp64:
            return try floats(bytes, expected) { (value: Double) in
                value.isFinite ? Float(exactly: value) : Float(value)
            }
        case .fp16: return try floats(bytes, expected) { (value: UInt16) in HalfPrecision.float(bits: value) }
        case .bool: return try floats(bytes, expected) { (value: UInt8) in value <= 1 ? Float(value) : nil }
        case .uint8: return try floats(bytes, expected) { (value: UInt8) in Float(value) }
        case .uint16: return try floats(bytes, expected) { (value: UInt16) in Float(value) }
        case .uint32: return try floats(bytes, expected) { (value: UInt32) in Float(exactly: value) }
        case .uint64: return try floats(bytes, expected) { (value: UInt64) in Float(exactly: value) }
        case .int8: return try floats(bytes, expected) { (value: Int8) in Float(value) }
        case .int16: return try floats(bytes, expected) { (value: Int16) in Float(value) }
        case .int32: return try floats(bytes, expected) { (value: Int32) in Float(exactly: value) }
        case .int64: return try floats(bytes, expected) { (value: Int64) in Float(exactly: value) }
        }
    }

    /// Converts each value; nil or an infinite result is refused with the value's index.
    private static func floats<Value: BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ expected: InputExpectation, _ convert: (Value) -> Float?
    ) throws(Failure) -> Frame {
        let storage = TensorStorage(byteCount: expected.count * MemoryLayout<Float>.stride)
        let floats = storage.floats
        for index in 0..<expected.count {
            let value = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.stride, as: Value.self)
            guard let converted = convert(value) else {
                throw Failure(
                    .invalidArgument,
                    """
                    input '\(expected.name)': the \(expected.given.rawValue) value \(value) at index \(index) has no \
                    exact FP32, which the model takes
                    """)
            }
            guard converted.isFinite else {
                throw Failure(
                    .invalidArgument,
                    """
                    input '\(expected.name)': expected finite \(expected.given.rawValue) values, got \(converted) at \
                    index \(index)
                    """)
            }
            floats[index] = converted
        }
        return Frame(owner: storage, bytes: UnsafeRawBufferPointer(storage.bytes))
    }

    /// Checks that the lengths add up and the strings are UTF-8; the layout is already the wire's.
    private static func strings(
        _ bytes: UnsafeRawBufferPointer, _ expected: InputExpectation
    ) throws(Failure) -> Frame {
        var offset = 0
        var count = 0
        while offset < bytes.count {
            guard bytes.count - offset >= 4 else { break }
            let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            guard length <= bytes.count - offset - 4 else { break }
            let text = UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 4 + length)])
            guard String(validating: text, as: UTF8.self) != nil else {
                throw Failure(.invalidArgument, "input '\(expected.name)': element \(count) is not UTF-8")
            }
            offset += 4 + length
            count += 1
        }
        guard offset == bytes.count, count == expected.count else {
            throw Failure(
                .invalidArgument,
                """
                input '\(expected.name)': expected \(expected.count) BYTES elements, each behind its length in 4 \
                little-endian bytes; after \(count) elements \(bytes.count - offset) bytes are left
                """)
        }
        return Frame(copying: bytes)
    }
}
