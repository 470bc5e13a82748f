import Messaging
import Wire

extension JSONCursor {
    /// Reads the `data` of an input, nested as its shape says or flat, into a frame of the model's datatype.
    mutating func tensor(_ expected: InputExpectation) throws(Failure) -> Frame {
        do throws(Failure) {
            return try frame(expected)
        } catch {
            throw Failure(error.code, "input '\(expected.name)': \(error.message)")
        }
    }

    private mutating func frame(_ expected: InputExpectation) throws(Failure) -> Frame {
        switch expected.given {
        case .bytes: return try bytesTensor(expected)
        case .bool:
            return try floatTensor(expected) { cursor, target, _ throws(Failure) in
                target[0] = try cursor.booleanAsFloat()
                return 1
            }
        case .fp64:
            return try floatTensor(expected) { cursor, target, _ throws(Failure) in
                target[0] = try cursor.doubleAsFloat()
                return 1
            }
        case .fp16, .fp32:
            return try floatTensor(expected) { cursor, target, limit throws(Failure) in
                try cursor.floats(into: target, limit: limit)
            }
        case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64:
            return try floatTensor(expected) { cursor, target, _ throws(Failure) in
                target[0] = try cursor.integerAsFloat(expected.given)
                return 1
            }
        }
    }

    /// `read` writes values that follow one another in one array, at most so many, and returns how many it did.
    @inline(__always)
    private mutating func floatTensor(
        _ expected: InputExpectation,
        _ read: (inout JSONCursor, UnsafeMutablePointer<Float>, Int) throws(Failure) -> Int
    ) throws(Failure) -> Frame {
        let storage = TensorStorage(byteCount: expected.count * MemoryLayout<Float>.stride)
        let floats = storage.floats
        try elements(expected) { cursor, index, limit throws(Failure) in try read(&cursor, floats + index, limit) }
        return Frame(owner: storage, bytes: UnsafeRawBufferPointer(storage.bytes))
    }

    /// Strings; a number, `true` and `false` stand for their own text and `null` for none, as in the lines of JSON that a
    /// model is trained on, so that a row of a table may be written as it is.
    private mutating func bytesTensor(_ expected: InputExpectation) throws(Failure) -> Frame {
        var content: [UInt8] = []
        try elements(expected) { cursor, _, _ throws(Failure) in
            let text = try cursor.cell()
            withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { content.append(contentsOf: $0) }
            content.append(contentsOf: text.utf8)
            return 1
        }
        return Frame(copying: content)
    }

    private mutating func cell() throws(Failure) -> String {
        switch current {
        case UInt8(ascii: "\""): return try string("a string", limit: .max)
        case UInt8(ascii: "t") where literal("true"): return "true"
        case UInt8(ascii: "f") where literal("false"): return "false"
        case UInt8(ascii: "n") where literal("null"): return ""
        default: return text(of: try number("a string, a number, true, false or null"))
        }
    }

    private mutating func booleanAsFloat() throws(Failure) -> Float {
        let start = position
        guard current == UInt8(ascii: "0") || current == UInt8(ascii: "1") else {
            return try boolean("a BOOL value") ? 1 : 0
        }
        let value = try float("true or false")
        guard value == 0 || value == 1 else {
            position = start
            throw unexpected("true or false")
        }
        return value
    }

    /// The model takes FP32: a value that is not one of those is refused, not changed.
    private mutating func doubleAsFloat() throws(Failure) -> Float {
        let number = try number("a number")
        let text = text(of: number)
        // A JSON number is always one that the standard library can read.
        guard let value = Double(text).flatMap(Float.init(exactly:)), value.isFinite else {
            throw Failure(
                .invalidArgument,
                """
                JSON, byte \(number.text.lowerBound): \(text) has no exact FP32, which the model takes; send FP32
                """)
        }
        return value
    }

    private mutating func integerAsFloat(_ datatype: Datatype) throws(Failure) -> Float {
        let number = try number("an integer")
        let value: Float?? =
            switch datatype {
            case .uint8: number.asUnsigned.flatMap(UInt8.init(exactly:)).map { Float($0) }
            case .uint16: number.asUnsigned.flatMap(UInt16.init(exactly:)).map { Float($0) }
            case .uint32: number.asUnsigned.flatMap(UInt32.init(exactly:)).map { Float(exactly: $0) }
            case .uint64: number.asUnsigned.map { Float(exactly: $0) }
            case .int8: number.asInteger.flatMap(Int8.init(exactly:)).map { Float($0) }
            case .int16: number.asInteger.flatMap(Int16.init(exactly:)).map { Float($0) }
            case .int32: number.asInteger.flatMap(Int32.init(exactly:)).map { Float(exactly: $0) }
            default: number.asInteger.map { Float(exactly: $0) }
            }
        guard let value else {
            throw Failure(
                .invalidArgument,
                "JSON, byte \(number.text.lowerBound): \(text(of: number)) is not a value of \(datatype.rawValue)")
        }
        guard let value else {
            throw Failure(
                .invalidArgument,
                "JSON, byte \(number.text.lowerBound): \(text(of: number)) has no exact FP32, which the model takes")
        }
        return value
    }

    /// Calls `read` until it has read the `expected.count` values in row-major order. It is given the index of the next
    /// value and how many may follow in the same array, and returns how many it read. The array must be flat, or nested
    /// exactly as the shape says.
    @inline(__always)
    private mutating func elements(
        _ expected: InputExpectation, _ read: (inout JSONCursor, Int, Int) throws(Failure) -> Int
    ) throws(Failure) {
        skipWhitespace()
        let start = position
        var nesting = ArrayNesting(shape: expected.shape)
        var index = 0
        repeat {
            while consume(UInt8(ascii: "[")) {
                guard nesting.open(after: index) else { throw misshapen(expected, start) }
            }
            guard nesting.takeValue(), nesting.room(after: index) > 0 else {
                // `[]`, a value outside of any array, or one too many.
                throw nesting.depth == 0 ? unexpected("'[' to begin the data") : misshapen(expected, start)
            }
            skipWhitespace()
            index += try read(&self, index, nesting.room(after: index))
            while !consume(UInt8(ascii: ",")) {
                guard consume(UInt8(ascii: "]")) else { throw unexpected("',' or ']' in the data") }
                guard nesting.close(after: index) else { throw misshapen(expected, start) }
                if nesting.depth == 0 { break }
            }
        } while nesting.depth > 0
        guard index == expected.count else { throw misshapen(expected, start) }
    }

    private func misshapen(_ expected: InputExpectation, _ start: Int) -> Failure {
        Failure(
            .invalidArgument,
            """
            expected data of shape \(expected.shape), flat (\(expected.count) values) or \
            nested so; the array that begins at byte \(start) is another from byte \(position) on
            """)
    }
}
