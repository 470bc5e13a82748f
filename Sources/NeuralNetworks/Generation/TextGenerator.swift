import Foundation
import Tensors

/// Lets a language model write on: a network of token ids whose result is, at each position, the logits of the token
/// that comes next, and which looks back only. Used by one thread at a time.
///
/// Every token takes one pass over the whole window.
public final class TextGenerator {
    public let network: Network
    private let meaning: OutputMeaning
    private let executor: InferenceExecutor
    private let inputs: FloatBuffer
    private let outputs: FloatBuffer

    /// Nil if the network does not say for each of its positions which class comes next.
    ///
    /// - Parameter meaning: of its outputs: logits of the tokens, or their probabilities.
    public init?(network: Network, meaning: OutputMeaning = .logits) {
        guard network.outputPositions == network.inputCount, network.specification.task == .classification else {
            return nil
        }
        self.network = network
        self.meaning = meaning
        executor = InferenceExecutor(network: network, maximumRows: 1)
        inputs = FloatBuffer(count: network.inputCount)
        outputs = FloatBuffer(count: network.outputCount)
    }

    /// Tokens that the model looks back on.
    public var window: Int { network.inputCount }

    /// The prompt with up to `count` tokens behind it: fewer only where `end` comes before, which is then the last one.
    ///
    /// - Parameters:
    ///   - prompt: at least one token; of a longer one than the window only the last tokens count.
    ///   - parameters: flat, as `network.layout` says.
    /// - Throws: where the network gives logits that are no numbers.
    public func generate(
        after prompt: [Int], count: Int, parameters: UnsafePointer<Float>, sampling: TokenSampling = TokenSampling(),
        end: Int? = nil
    ) throws(UnsoundLogits) -> [Int] {
        precondition(!prompt.isEmpty, "a text needs a token to begin with")
        var tokens = prompt
        for index in 0..<count {
            let visible = tokens.suffix(window)
            inputs.pointer.update(repeating: -1, count: window)
            for (position, token) in visible.enumerated() { inputs.pointer[position] = Float(token) }
            executor.run(inputs: inputs.pointer, rows: 1, parameters: parameters, outputs: outputs.pointer)
            let classes = network.specification.outputs
            let last = UnsafeMutableBufferPointer(
                start: outputs.pointer + (visible.count - 1) * classes, count: classes)
            // The logarithms of probabilities are logits of them.
            if meaning.areProbabilities { for place in last.indices { last[place] = log(last[place]) } }
            guard let token = sampling.token(logits: UnsafeBufferPointer(last), index: index) else {
                throw UnsoundLogits(position: tokens.count)
            }
            tokens.append(token)
            if token == end { break }
        }
        return tokens
    }
}
