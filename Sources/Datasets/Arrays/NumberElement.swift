import Explanations

/// How a number is stored in an array file.
enum NumberElement: Sendable, Equatable {
    case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, float32, float64

    var bytes: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16, .float16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    /// Whether every number of the kind is a finite one.
    var isInteger: Bool {
        switch self {
        case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64: true
        case .float16, .float32, .float64: false
        }
    }

    /// Whether different numbers of the kind can be the same as 32-bit floats.
    var isFinerThanFloat: Bool {
        switch self {
        case .uint8, .int8, .uint16, .int16, .float16, .float32: false
        case .uint32, .int32, .uint64, .int64, .float64: true
        }
    }

    /// The whole number at a place of a buffer, where the kind has some that are no 64-bit floats; else nil.
    func wholeNumber(in bytes: UnsafeRawBufferPointer, at index: Int, bigEndian: Bool) -> Int128? {
        guard self == .int64 || self == .uint64 else { return nil }
        let word = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        let value = bigEndian ? UInt64(bigEndian: word) : UInt64(littleEndian: word)
        return self == .int64 ? Int128(Int64(bitPattern: value)) : Int128(value)
    }

    /// The number at a place of a buffer.
    func value(in bytes: UnsafeRawBufferPointer, at index: Int, bigEndian: Bool) -> Double {
        func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value {
            let value = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.size, as: type)
            return bigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
        }
        switch self {
        case .uint8: return Double(bytes[index])
        case .int8: return Double(Int8(bitPattern: bytes[index]))
        case .uint16: return Double(integer(UInt16.self))
        case .int16: return Double(integer(Int16.self))
        case .uint32: return Double(integer(UInt32.self))
        case .int32: return Double(integer(Int32.self))
        case .uint64: return Double(integer(UInt64.self))
        case .int64: return Double(integer(Int64.self))
        case .float16: return Double(Float16(bitPattern: integer(UInt16.self)))
        case .float32: return Double(Float(bitPattern: integer(UInt32.self)))
        case .float64: return Double(bitPattern: integer(UInt64.self))
        }
    }
}

/// A file that is not what its name or the job says, or that asks for more than is sensible.
struct ArrayError: Error, Equatable, CustomStringConvertible {
    var message: String
    /// What is said where the array is that of the targets, if that is something else.
    var messageOfTargets: String?
    var description: String { message }

    init(_ message: String, ofTargets: String? = nil) {
        self.message = message
        messageOfTargets = ofTargets
    }
}

/// What the header of an array says.
struct ArrayHeader: Equatable {
    var element: NumberElement
    var bigEndian: Bool
    var shape: [Int]
    /// Where the numbers begin.
    var offset: Int

    /// More numbers than any data set has; keeps products within `Int`.
    static let maximumCount = 1 << 44
    static let maximumRank = 8

    /// Of all numbers.
    var dataBytes: Int { shape.reduce(1, *) * element.bytes }

    /// Throws where something follows the array in a file or archive member of so many bytes, which holds nothing else.
    func checkEnd(of bytes: Int) throws(ArrayError) {
        let behind = bytes - offset - dataBytes
        guard behind <= 0 else {
            throw ArrayError("\(counted(behind, "byte")) behind the array, expected its end: write it anew")
        }
    }

    func checkShape() throws(ArrayError) {
        guard (1...Self.maximumRank).contains(shape.count) else {
            throw ArrayError("an array of \(counted(shape.count, "dimension")), expected 1 to \(Self.maximumRank)")
        }
        var count = 1
        for side in shape {
            guard side > 0 else { throw ArrayError("an array of shape \(shape) holds nothing") }
            let (product, overflow) = count.multipliedReportingOverflow(by: side)
            guard !overflow, product <= Self.maximumCount else {
                throw ArrayError("an array of shape \(shape) is too large")
            }
            count = product
        }
        let row = count / shape[0]
        guard row <= Preprocessing.maximumCount else {
            throw ArrayError("rows of \(row) numbers are too large, at most \(Preprocessing.maximumCount) are read")
        }
    }
}

extension Double {
    /// For messages: without the sign of what is no number, which means nothing.
    var shown: String { isNaN ? "nan" : "\(self)" }

    /// For messages: a whole number without a point.
    var written: String { Int(exactly: self).map { "\($0)" } ?? shown }
}
