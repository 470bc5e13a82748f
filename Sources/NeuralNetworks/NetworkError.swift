/// Why no network can be built from a specification.
public enum NetworkError: Error, Equatable {
    /// The input's shape has no dimension, too many, one that is out of range, or too many numbers in all.
    case invalidInput(shape: [Int])
    /// There is no such kind of layer.
    case unknownLayer(LayerPosition, kind: String)
    /// A setting of a layer is missing, unknown, of the wrong form or out of range.
    case invalidLayer(LayerPosition, name: String, expected: String, actual: String)
    /// A layer cannot work on what the layers before it give.
    case unfitShape(LayerPosition, expected: String, actual: [Int], remedy: String)
    /// The number of outputs does not fit the task.
    case invalidOutputs(task: ModelSpecification.Task, expected: String, actual: Int)
    /// The last layer of a free list gives another width than the outputs.
    case unfitResult(outputs: Int, actual: [Int])
    /// A family that has no layers before its head was given some.
    case unexpectedLayers(family: ModelSpecification.Family, count: Int)
    /// No layer has parameters, so there is nothing that training could change.
    case nothingToLearn
    /// A pattern of parameters to freeze matches none.
    case nothingToFreeze(pattern: String, names: [String])
    /// No parameter of the base has the name and shape of one of the network: names with shapes of both, and those that
    /// have the name only.
    case nothingToAdopt(names: [String], base: [String], reshaped: [Adoption.Reshaped])
    /// A tensor would be larger than can be addressed with 31 bits.
    case tooLarge(LayerPosition, floats: String)
}

/// Which layer of a network an error speaks of.
public enum LayerPosition: Sendable, Equatable {
    /// An entry of the specification, such as `layers[3].residual.layers[1]`.
    case layer(path: String, kind: String)
    /// The linear layer behind them all.
    case head

    /// Where the layer stands.
    var entry: String {
        switch self {
        case .layer(let path, _): path
        case .head: "head"
        }
    }

    /// Where the settings of the layer stand, such as `layers[3].residual`.
    var path: String {
        switch self {
        case .layer(let path, let kind): "\(path).\(kind)"
        case .head: "head"
        }
    }
}

extension LayerPosition: CustomStringConvertible {
    public var description: String {
        switch self {
        case .layer(let path, let kind): "\(path) (\(kind))"
        case .head: "the head (linear)"
        }
    }
}

extension NetworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidInput(let shape) where Network.hasFormOfInput(shape):
            "the input \(shape) has \(shape.reduce(1, *)) numbers, more than the \(Int32.max) that fit; make it smaller"
        case .invalidInput(let shape):
            "the input must be [features], [positions, features] or [channels, height, width] with sizes from 1 to "
                + "\(LayerSetting.largestSide), got \(shape)"
        case .unknownLayer(let position, let kind):
            "\(position): there is no layer '\(kind)'"
        case .invalidLayer(let position, let name, let expected, let actual):
            "\(position): \(name) must be \(expected), got \(actual)"
        case .unfitShape(let position, let expected, let actual, let remedy):
            "\(position) needs \(expected), but the layers before it give \(actual); \(remedy)"
        case .invalidOutputs(let task, let expected, let actual):
            "a network for \(task.rawValue) must have \(expected), got \(actual)"
        case .unfitResult(let outputs, let actual):
            "the last layer gives \(actual), but the network must have \(outputs) outputs in the last dimension; "
                + "end with a linear layer of \(outputs)"
        case .unexpectedLayers(let family, let count):
            "the family \(family.rawValue) has no layers before its head, got \(count); use mlp or cnn for more layers"
        case .nothingToLearn:
            "no layer has parameters to learn; add one that has, such as linear"
        case .nothingToFreeze(let pattern, let names):
            "no parameter is named '\(pattern)'; there are \(names.prefix(20).joined(separator: ", "))"
                + (names.count > 20 ? ", …" : "")
        case .nothingToAdopt(_, _, let reshaped) where !reshaped.isEmpty:
            "no parameter of the base has the shape of the one of its name in the network: "
                + Adoption.listed(reshaped.map(\.description))
        case .nothingToAdopt(let names, let base, _):
            "no parameter of the base has the name and shape of one of the network: the network begins with "
                + "\(names.first ?? "nothing"), the base with \(base.first ?? "nothing")"
        case .tooLarge(let position, let floats):
            "\(position) would need \(floats) numbers in one tensor, more than the \(Int32.max) that fit; make it smaller"
        }
    }
}
