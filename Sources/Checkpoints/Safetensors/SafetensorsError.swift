/// Why a file is not safetensors, or a layout cannot be.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
    /// The file is shorter than its own header says, or than eight bytes.
    case truncated(expected: Int, found: Int)
    case headerTooLong(UInt64)
    /// Not the JSON that a header is; where in it, and what was expected there.
    case malformedHeader(at: Int, expected: String)
    case duplicateName(String)
    case unknownElementType(String, tensor: String)
    case badShape(String, [Int])
    /// The tensor's bytes do not start where the one before it ends: a hole or an overlap.
    case misplaced(tensor: String, expected: Int, found: Int)
    /// The tensor's bytes are not as many as its type and shape need.
    case wrongSize(tensor: String, expected: Int, found: Int)
    case trailingBytes(Int)
    case noSuchTensor(String)

    public var description: String {
        switch self {
        case .truncated(let expected, let found):
            "safetensors: expected at least \(expected) bytes, the file has \(found)"
        case .headerTooLong(let bytes):
            "safetensors: a header of \(bytes) bytes, at most \(SafetensorsLayout.maximumHeaderBytes) are allowed"
        case .malformedHeader(let offset, let expected):
            "safetensors: byte \(offset) of the header: expected \(expected)"
        case .duplicateName(let name):
            "safetensors: the name '\(name)' is used twice or reserved"
        case .unknownElementType(let type, let tensor):
            "safetensors: tensor '\(tensor)' has the unknown dtype '\(type)', known are "
                + SafetensorsLayout.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        case .badShape(let tensor, let shape):
            "safetensors: tensor '\(tensor)' has the shape \(shape): a negative dimension or a size beyond 64 bits"
        case .misplaced(let tensor, let expected, let found):
            "safetensors: the data of tensor '\(tensor)' starts at \(found), expected \(expected), where the one before "
                + "it ends"
        case .wrongSize(let tensor, let expected, let found):
            "safetensors: tensor '\(tensor)' has \(found) bytes, its dtype and shape need \(expected)"
        case .trailingBytes(let bytes):
            "safetensors: \(bytes) bytes behind the last tensor"
        case .noSuchTensor(let name):
            "safetensors: there is no tensor '\(name)'"
        }
    }
}
