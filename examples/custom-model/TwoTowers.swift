import MartletTraining

/// A model that no list of layers can say: two towers look at different measurements of the same tumour, their results
/// meet by product and by sum, and the sum goes on past a block of layers.
struct TwoTowers: Model {
    let typical = Tower()
    let extreme = Tower()
    let block = Layers(.linear(outputs: 32), .relu, .dropout(probability: 0.1), .linear(outputs: 32))
    let head = Layers(.linear(outputs: 1))

    /// 30 measurements: for each of ten properties of cell nuclei its mean, its error and its worst value.
    func callAsFunction(_ input: Value) -> Value {
        let byKind = input.reshaped(3, 10)
        let means = byKind.section(0..<1, axis: 0).reshaped(10)
        let errorsAndWorst = byKind.section(1..<3, axis: 0).reshaped(20)
        let (left, right) = (typical(means), extreme(errorsAndWorst))
        let meeting = concatenate(left * right, left + right)
        return head(meeting + block(meeting))
    }
}

/// A part of a model may be a struct of its own: its layers are `typical.layers.0`, `extreme.layers.0` and so on.
struct Tower {
    let layers = Layers(.linear(outputs: 32), .relu, .linear(outputs: 16), .tanh)

    func callAsFunction(_ input: Value) -> Value { layers(input) }
}
