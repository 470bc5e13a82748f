/// Why a model cannot become a network.
public enum ModelError: Error, Equatable {
    /// A layer does not fit where it is called; the position begins with the property's name.
    case layer(NetworkError)
    /// A layer is called that is no property of the model, so its parameters have no name.
    case unknownLayers([String])
    /// A layer is called again on a value of another shape than before.
    case changedShape(layer: String, first: [Int], now: [Int])
    /// Layers of the model that it never calls.
    case uncalledLayers([String])
    /// Results that the model computes and then does not use.
    case unusedResults([String])
    /// An operation does not fit its values.
    case unfit(operation: String, reason: String)
    /// The result is a value of another model.
    case foreignResult
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .layer(let error): "\(error)"
        case .unknownLayers(let kinds):
            "the model calls a layer (\(kinds.joined(separator: ", "))) that is none of its stored properties, so its "
                + "parameters have no name; keep it in a property, or in a struct or an array that is one"
        case .changedShape(let layer, let first, let now):
            "\(layer) was called on \(first) and is now called on \(now); called again it shares its parameters, so the "
                + "shape must be the same"
        case .uncalledLayers(let names):
            "the model never calls \(names.joined(separator: ", ")); remove what is not needed"
        case .unusedResults(let results):
            "the model does not use the result of \(results.joined(separator: ", ")); nothing could be learned from it"
        case .unfit(let operation, let reason): "\(operation): \(reason)"
        case .foreignResult: "the model returns a value that was not computed from its input"
        }
    }
}
