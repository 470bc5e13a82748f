import Tensors

/// Turns sources into targets with an encoder-decoder, token by token. Used by one thread at a time.
///
/// Its network takes the ids of the source and behind them those of the target so far, and gives at each of the
/// target's positions the logits of the token that comes next.
public final class SequenceDecoder {
    public let network: Network
    /// The token that every target begins with.
    public let start: Int
    /// The token that ends it.
    public let end: Int
    public let maximumRows: Int
    private let executor: InferenceExecutor
    private let inputs: FloatBuffer
    private let outputs: FloatBuffer

    /// Nil if the network has no source before its target.
    public init?(network: Network, start: Int, end: Int, maximumRows: Int) {
        guard (1..<network.inputCount).contains(network.outputPositions) else { return nil }
        self.network = network
        self.start = start
        self.end = end
        self.maximumRows = maximumRows
        executor = InferenceExecutor(network: network, maximumRows: maximumRows)
        inputs = FloatBuffer(count: maximumRows * network.inputCount)
        outputs = FloatBuffer(count: maximumRows * network.outputCount)
    }

    /// Positions of a source.
    public var sourceLength: Int { network.inputCount - network.outputPositions }

    /// The likeliest target of each source, token by token, without start and end; as long as the network allows where
    /// no end comes.
    ///
    /// - Parameters:
    ///   - sources: up to `maximumRows`, each of up to `sourceLength` tokens.
    ///   - parameters: flat, as `network.layout` says.
    public func decode(_ sources: [[Int]], parameters: UnsafePointer<Float>) -> [[Int]] {
        precondition(sources.count <= maximumRows, "room for \(maximumRows) sources, got \(sources.count)")
        inputs.pointer.update(repeating: -1, count: inputs.count)
        for (row, source) in sources.enumerated() {
            precondition(source.count <= sourceLength, "a source of \(source.count) tokens, room for \(sourceLength)")
            let place = inputs.pointer + row * network.inputCount
            for (position, token) in source.enumerated() { place[position] = Float(token) }
            place[sourceLength] = Float(start)
        }
        var targets = [[Int]](repeating: [], count: sources.count)
        var isOpen = [Bool](repeating: true, count: sources.count)
        let classes = network.specification.outputs
        for position in 0..<network.outputPositions where isOpen.contains(true) {
            executor.run(
                inputs: inputs.pointer, rows: sources.count, parameters: parameters, outputs: outputs.pointer)
            for row in sources.indices where isOpen[row] {
                let logits = UnsafeBufferPointer(
                    start: outputs.pointer + row * network.outputCount + position * classes, count: classes)
                let token = TokenSampling.greedy.token(logits: logits, index: position)
                isOpen[row] = token != end && position + 1 < network.outputPositions
                guard token != end else { continue }
                targets[row].append(token)
                if isOpen[row] {
                    inputs.pointer[row * network.inputCount + sourceLength + position + 1] = Float(token)
                }
            }
        }
        return targets
    }
}
