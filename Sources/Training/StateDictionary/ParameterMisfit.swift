package import Checkpoints

/// Why a parameter of a network cannot be read from a safetensors file.
package enum ParameterMisfit: Equatable, CustomStringConvertible {
    case missing(String, shape: [Int])
    case otherShape(SafetensorsLayout.Tensor, expected: [Int])
    /// Of its elements; the shape is that of the parameter.
    case otherType(SafetensorsLayout.Tensor, expected: [Int])

    package var description: String {
        switch self {
        case .missing(let name, let shape): "'\(name)' is missing: expected \(shape)"
        case .otherShape(let tensor, let shape):
            "'\(tensor.name)' has the shape \(tensor.shape): expected \(shape)"
        case .otherType(let tensor, _): "'\(tensor.name)' holds \(tensor.elementType.rawValue): expected floats"
        }
    }
}
