import Tensors

extension NetworkBuilder {
    /// Positions and width of the current shape, which must be a sequence.
    func sequence() throws(NetworkError) -> (positions: Int, width: Int) {
        let dimensions = shape.dimensions
        guard dimensions.count == 2 else {
            throw .unfitShape(
                position, expected: "a sequence, [positions, features]", actual: dimensions,
                remedy: dimensions.count == 1
                    ? "for token ids put an embedding layer first, or give the input as [positions, features]"
                    : "give the input as [positions, features]")
        }
        return (dimensions[0], dimensions[1])
    }
}

extension NetworkBuilder {
    /// The ids of the current sequence's positions, by which padding is known; nil if it was not made of tokens.
    ///
    /// - Parameter first: only of so many positions at the start.
    mutating func sequenceTokens(first: Int? = nil) throws(NetworkError) -> Graph.Value? {
        let positions = try sequence().positions
        guard let tokens, tokens.shape.count == positions else { return nil }
        guard let first, first < positions else { return tokens }
        let current = value
        apply(Slice(tokens.shape, from: 0, to: [first]), to: [tokens])
        defer { value = current }
        return value
    }
}
