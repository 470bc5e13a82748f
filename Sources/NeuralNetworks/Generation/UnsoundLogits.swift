/// A network gave logits that are not all finite, so no token is likelier than another.
public struct UnsoundLogits: Error, Equatable, CustomStringConvertible {
    /// Of the token that could not be chosen.
    public var position: Int

    public init(position: Int) {
        self.position = position
    }

    public var description: String {
        "the model gives logits that are not finite for token \(position): its weights, or this input, are too large"
    }
}
