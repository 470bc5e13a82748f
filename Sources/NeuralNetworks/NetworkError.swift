/// Why no network can be built from a specification.
public enum NetworkError: Error, Equatable {
    /// The input's shape has no dimension, too many, or one that is not positive.
    case invalidInput(shape: [Int])
    /// A figure of a layer is out of range.
    case invalidLayer(LayerPosition, name: String, expected: String, actual: String)
    /// A layer cannot work on what the layers before it give.
    case unfitShape(LayerPosition, expected: String, actual: [Int], remedy: String)
    /// The width of the head does not fit the task.
    case invalidOutputs(task: ModelSpecification.Task, expected: String, actual: Int)
    /// A family that has no layers before its head was given some.
    case unexpectedLayers(family: ModelSpecification.Family, count: Int)
    /// A tensor would be larger than can be addressed with 31 bits.
    case tooLarge(LayerPosition, floats: String)
}

/// Which layer of a network an error speaks of.
public enum LayerPosition: Sendable, Equatable {
    /// An entry of the specification's `layers`, from 0.
    case layer(Int, kind: String)
    /// The linear layer behind them all.
    case head
}

extension LayerPosition: CustomStringConvertible {
    public var description: String {
        switch self {
        case .layer(let index, let kind): "layer \(index) (\(kind))"
        case .head: "the head (linear)"
        }
    }
}

extension NetworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidInput(let shape):
            "the input must be [features] or [channels, height, width] with positive sizes, got \(shape)"
        case .invalidLayer(let position, let name, let expected, let actual):
            "\(position): \(name) must be \(expected), got \(actual)"
        case .unfitShape(let position, let expected, let actual, let remedy):
            "\(position) needs \(expected), but the layers before it give \(actual); \(remedy)"
        case .invalidOutputs(let task, let expected, let actual):
            "a network for \(task.rawValue) must have \(expected), got \(actual)"
        case .unexpectedLayers(let family, let count):
            "the family \(family.rawValue) has no layers before its head, got \(count); use mlp or cnn for more layers"
        case .tooLarge(let position, let floats):
            "\(position) would need \(floats) numbers in one tensor, more than the \(Int32.max) that fit; make it smaller"
        }
    }
}
