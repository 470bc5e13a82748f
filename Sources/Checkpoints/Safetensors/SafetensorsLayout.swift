/// What a safetensors file holds and where: eight bytes with the length of the header (little-endian), the header in
/// JSON, then the tensors' bytes one after another (github.com/huggingface/safetensors, "Format").
///
/// Known from names, types and shapes alone, so any byte range of a file can be made by whoever holds the tensors in
/// it: each rank of a training run writes its own range of the checkpoint.
public struct SafetensorsLayout: Sendable, Equatable {
    public enum ElementType: String, Sendable, CaseIterable {
        case bool = "BOOL"
        case uint8 = "U8"
        case int8 = "I8"
        case int16 = "I16"
        case uint16 = "U16"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case int32 = "I32"
        case uint32 = "U32"
        case float32 = "F32"
        case float64 = "F64"
        case int64 = "I64"
        case uint64 = "U64"

        public var byteWidth: Int {
            switch self {
            case .bool, .uint8, .int8: 1
            case .int16, .uint16, .float16, .bfloat16: 2
            case .int32, .uint32, .float32: 4
            case .float64, .int64, .uint64: 8
            }
        }
    }

    public struct Tensor: Sendable, Equatable {
        public let name: String
        public let elementType: ElementType
        public let shape: [Int]
        /// In the file.
        public let bytes: Range<Int>
    }

    /// The official reader accepts no longer header.
    public static let maximumHeaderBytes = 100_000_000

    /// In order of their bytes, which leave no gap.
    public let tensors: [Tensor]
    /// The `__metadata__` of the header.
    public let metadata: [String: String]
    /// The length and the header, padded with spaces so that the tensors start at a multiple of eight.
    public let header: [UInt8]

    /// By name, the index of each tensor.
    private let indices: [String: Int]

    /// Size of the whole file.
    public var byteCount: Int { tensors.last?.bytes.upperBound ?? header.count }

    public func tensor(named name: String) -> Tensor? {
        indices[name].map { tensors[$0] }
    }

    /// Lays the tensors out in the given order. Throws `SafetensorsError` for a name that is used twice or reserved,
    /// a negative dimension, or sizes beyond 64 bits.
    public init(
        tensors: [(name: String, elementType: ElementType, shape: [Int])], metadata: [String: String] = [:]
    ) throws(SafetensorsError) {
        var placed: [Tensor] = []
        var names: Set<String> = []
        var end = 0
        for (name, elementType, shape) in tensors {
            guard name != Self.metadataKey, names.insert(name).inserted else { throw .duplicateName(name) }
            guard let size = Self.byteCount(elementType, shape),
                case (let next, false) = end.addingReportingOverflow(size)
            else { throw .badShape(name, shape) }
            placed.append(Tensor(name: name, elementType: elementType, shape: shape, bytes: end..<next))
            end = next
        }
        let header = Self.header(placed, metadata)
        guard header.count - Self.lengthBytes <= Self.maximumHeaderBytes else {
            throw .headerTooLong(UInt64(header.count - Self.lengthBytes))
        }
        guard end <= Int.max - header.count else { throw .badShape(placed.last!.name, placed.last!.shape) }
        self.init(placed, metadata, header)
    }

    /// `tensors` with their bytes counted from the end of the header.
    init(_ tensors: [Tensor], _ metadata: [String: String], _ header: [UInt8]) {
        self.tensors = tensors.map {
            Tensor(
                name: $0.name, elementType: $0.elementType, shape: $0.shape,
                bytes: $0.bytes.lowerBound + header.count..<$0.bytes.upperBound + header.count)
        }
        indices = Dictionary(tensors.enumerated().map { ($1.name, $0) }) { first, _ in first }
        self.metadata = metadata
        self.header = header
    }

    static let metadataKey = "__metadata__"
    static let lengthBytes = 8

    /// Nil if a dimension is negative or the product does not fit.
    static func byteCount(_ elementType: ElementType, _ shape: [Int]) -> Int? {
        var count = elementType.byteWidth
        for dimension in shape {
            guard dimension >= 0, case (let product, false) = count.multipliedReportingOverflow(by: dimension)
            else { return nil }
            count = product
        }
        return count
    }
}
