import Tensors

/// How the next token is chosen from logits.
public struct TokenSampling: Codable, Sendable, Equatable {
    /// Logits are divided by it: below 1 likely tokens get likelier. 0: always the likeliest token.
    public var temperature: Double
    /// Only so many of the likeliest tokens can be chosen; nil: all.
    public var topK: Int?
    /// The same seed gives the same tokens.
    public var seed: UInt64

    public init(temperature: Double = 1, topK: Int? = nil, seed: UInt64 = 0) {
        precondition(temperature >= 0, "a temperature cannot be negative, got \(temperature)")
        precondition(topK.map { $0 > 0 } ?? true, "at least one token must be possible")
        self.temperature = temperature
        self.topK = topK
        self.seed = seed
    }

    /// Always the likeliest token.
    public static let greedy = TokenSampling(temperature: 0)

    /// A token by these logits, the `index`-th of a text. Of equal logits the first is the likelier. Nil where one of
    /// them is not finite: then none is the likeliest.
    public func token(logits: UnsafeBufferPointer<Float>, index: Int) -> Int? {
        guard logits.allSatisfy(\.isFinite), let likeliest = Self.likeliest(of: logits) else { return nil }
        guard temperature > 0 else { return likeliest }
        let candidates = Self.ranked(logits, topK ?? logits.count)
        var weights = candidates.map { Float(Double(logits[$0] - logits[likeliest]) / temperature) }
        let count = weights.count
        weights.withUnsafeMutableBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            OutputKernels.softmax(weights, into: weights, rows: 1, columns: count)
        }
        var drawn: Float = 0
        RandomStream(seed: seed, step: UInt32(truncatingIfNeeded: index), stream: Self.stream)
            .fill(&drawn, count: 1, low: 0, high: 1)
        var sum: Float = 0
        for (token, weight) in zip(candidates, weights) {
            sum += weight
            if drawn < sum { return token }
        }
        return candidates.last
    }

    private static func likeliest(of logits: UnsafeBufferPointer<Float>) -> Int? {
        guard var best = logits.indices.first else { return nil }
        for index in logits.indices where logits[index] > logits[best] { best = index }
        return best
    }

    /// The `count` likeliest tokens, likeliest first. Where few of a large vocabulary are wanted, the rest is looked at
    /// once and never sorted.
    private static func ranked(_ logits: UnsafeBufferPointer<Float>, _ count: Int) -> [Int] {
        guard count < logits.count else { return logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) } }
        var ranked: [Int] = []
        ranked.reserveCapacity(count)
        for token in logits.indices {
            if ranked.count == count {
                guard logits[token] > logits[ranked[count - 1]] else { continue }
                ranked.removeLast()
            }
            // Behind all that are as likely, which come earlier.
            var (low, high) = (0, ranked.count)
            while low < high {
                let middle = (low + high) / 2
                if logits[ranked[middle]] < logits[token] { high = middle } else { low = middle + 1 }
            }
            ranked.insert(token, at: low)
        }
        return ranked
    }

    /// Of random numbers, apart from those of training.
    private static let stream: UInt32 = 3 << 30
}
