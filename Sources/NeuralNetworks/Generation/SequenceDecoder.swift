import Tensors

/// Turns sources into targets with an encoder-decoder, token by token. Used by one thread at a time.
///
/// Its network takes the ids of the source and behind them those of the target so far, and gives at each of the
/// target's positions the logits of the token that comes next. `begin` and then `step` until nothing is open: each step
/// is one pass of the network, between which a caller may do something else, or `stop` what nobody wants any more.
public final class SequenceDecoder {
    public let network: Network
    /// The token that every target begins with.
    public let start: Int
    /// The token that ends it.
    public let end: Int
    /// The targets so far, without start and end.
    public private(set) var targets: [[Int]] = []
    private let executor: InferenceExecutor
    private let inputs: FloatBuffer
    private var states: [State] = []
    /// Of the token that the next step adds.
    private var position = 0

    /// How a target stands.
    public enum State: Sendable {
        case open
        /// Ended by its end, or because the network has no further place.
        case complete
        /// Nobody wanted it any more.
        case stopped
        /// The network gave logits that are no numbers, so no token is the likeliest.
        case unsound
    }

    /// Nil if the network has no source before its target.
    public convenience init?(network: Network, start: Int, end: Int, maximumRows: Int) {
        self.init(
            executor: InferenceExecutor(network: network, maximumRows: maximumRows), start: start, end: end)
    }

    /// With an executor that others use as well, between the steps too: nothing is kept in it. Nil if its network has no
    /// source before its target.
    public init?(executor: InferenceExecutor, start: Int, end: Int) {
        let network = executor.network
        guard (1..<network.inputCount).contains(network.outputPositions) else { return nil }
        self.network = network
        self.start = start
        self.end = end
        self.executor = executor
        inputs = FloatBuffer(count: executor.maximumRows * network.inputCount)
    }

    /// Sources at once.
    public var maximumRows: Int { executor.maximumRows }

    /// Positions of a source.
    public var sourceLength: Int { network.inputCount - network.outputPositions }

    /// Begins with new sources and forgets those before.
    ///
    /// - Parameter sources: up to `maximumRows`, each of up to `sourceLength` tokens.
    public func begin(_ sources: [[Int]]) {
        precondition(sources.count <= maximumRows, "room for \(maximumRows) sources, got \(sources.count)")
        inputs.pointer.update(repeating: -1, count: sources.count * network.inputCount)
        for (row, source) in sources.enumerated() {
            precondition(source.count <= sourceLength, "a source of \(source.count) tokens, room for \(sourceLength)")
            let place = inputs.pointer + row * network.inputCount
            for (position, token) in source.enumerated() { place[position] = Float(token) }
            place[sourceLength] = Float(start)
        }
        targets = [[Int]](repeating: [], count: sources.count)
        states = [State](repeating: .open, count: sources.count)
        position = 0
    }

    /// Adds the likeliest token to every open target. Returns whether one is still open.
    ///
    /// - Parameter parameters: flat, as `network.layout` says.
    public func step(parameters: UnsafePointer<Float>) -> Bool {
        guard states.contains(.open) else { return false }
        let logits = executor.run(inputs: inputs.pointer, rows: states.count, parameters: parameters)
        let classes = network.specification.outputs
        for row in states.indices where states[row] == .open {
            let place = logits + row * network.outputCount + position * classes
            guard
                let token = TokenSampling.greedy.token(
                    logits: UnsafeBufferPointer(start: place, count: classes), index: position)
            else {
                states[row] = .unsound
                continue
            }
            guard token != end else {
                states[row] = .complete
                continue
            }
            targets[row].append(token)
            if position + 1 < network.outputPositions {
                inputs.pointer[row * network.inputCount + sourceLength + position + 1] = Float(token)
            } else {
                states[row] = .complete
            }
        }
        position += 1
        return states.contains(.open)
    }

    /// How the target of a row stands.
    public func state(of row: Int) -> State { states[row] }

    /// Ends the targets of some rows as they are.
    public func stop(_ rows: Range<Int>) {
        for row in rows where states[row] == .open { states[row] = .stopped }
    }

    /// The likeliest target of each source, without start and end; as long as the network allows where no end comes.
    /// Nil in place of those for which the network gives no numbers.
    ///
    /// - Parameters:
    ///   - sources: up to `maximumRows`, each of up to `sourceLength` tokens.
    ///   - parameters: flat, as `network.layout` says.
    public func decode(_ sources: [[Int]], parameters: UnsafePointer<Float>) -> [[Int]?] {
        begin(sources)
        while step(parameters: parameters) {}
        return targets.indices.map { states[$0] == .unsound ? nil : targets[$0] }
    }
}
