/// An output of a served model; raw values are its names in the Open Inference Protocol.
public enum ServedOutput: String, Sendable {
    case prediction, logits, probability, probabilities
    /// The name of the chosen class.
    case label
    /// What a model has written that translates; it takes a run of the network for each token.
    case text

    /// Whether its elements are texts, and no numbers.
    public var isText: Bool {
        switch self {
        case .label, .text: true
        case .prediction, .logits, .probability, .probabilities: false
        }
    }
}
