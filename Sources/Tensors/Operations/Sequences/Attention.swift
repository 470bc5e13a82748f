import CKernels

/// Multi-head scaled dot-product attention: softmax(q k^T / sqrt(w) + mask) v for each head of width w (Vaswani et al.,
/// "Attention Is All You Need", 2017), as in PyTorch's `nn.MultiheadAttention` between its projections.
///
/// Inputs: for self-attention one of positions x 3 heads w, the queries, keys and values side by side; for cross-attention
/// the queries (positions x heads w), then keys and values (key positions x 2 heads w); after them the ids of the keys
/// if there is padding, where -1 is looked at by nobody. A query that may look at no key gets zeroes.
///
/// Scores are computed in tiles of some queries that stay in the cache, and once more in the backward pass instead of
/// being kept (Dao et al., "FlashAttention", 2022): all that is kept is the logarithm of each row's sum.
public struct Attention: Operation {
    public enum Source: Sendable, Equatable {
        /// Keys and values come with the queries.
        case own
        /// From another sequence of so many positions.
        case other(positions: Int)
    }

    public let positions: Int
    public let heads: Int
    public let headWidth: Int
    public let source: Source
    public let mask: AttentionMask
    /// Whether the ids of the keys are an input.
    public let hasPadding: Bool
    /// Probability with which a weight is dropped in training.
    public let dropout: Float
    /// Of random numbers; different for each layer of a network.
    public let stream: UInt32

    public let inputShapes: [Shape]
    let width: Int
    /// Positions of the keys.
    let keys: Int

    /// Queries of a tile.
    static let tile = 64

    public init(
        positions: Int, heads: Int, headWidth: Int, source: Source = .own, mask: AttentionMask = .none,
        hasPadding: Bool = false, dropout: Float = 0, stream: UInt32 = 0
    ) {
        precondition(dropout >= 0 && dropout < 1, "not a probability below 1: \(dropout)")
        self.positions = positions
        self.heads = heads
        self.headWidth = headWidth
        self.source = source
        self.mask = mask
        self.hasPadding = hasPadding
        self.dropout = dropout
        self.stream = stream
        width = heads * headWidth
        let sequences: [Shape]
        switch source {
        case .own:
            keys = positions
            sequences = [[positions, 3 * width]]
        case .other(let others):
            keys = others
            sequences = [[positions, width], [others, 2 * width]]
        }
        inputShapes = hasPadding ? sequences + [[keys]] : sequences
        switch mask {
        case .none, .window: break
        case .causal: precondition(keys == positions, "a causal mask needs as many keys as queries")
        case .added(let values):
            precondition(values.count == positions * keys, "a mask of \(positions) x \(keys), got \(values.count)")
        }
    }

    var tileRows: Int { min(positions, Self.tile) }

    public var outputShape: Shape { [positions, width] }
    /// Two products forward; backward the first of them again, and the four gradients. Half of each behind a causal mask.
    public var work: Work {
        let product = 2 * positions * keys * width / (mask == .causal ? 2 : 1)
        return Work(forward: 2 * product, backward: 5 * product)
    }
    /// The logarithms of the rows' sums.
    public var keptCount: Int { heads * positions }
    /// Two tiles, and a float for each of their rows.
    public func scratchCount(rows: Int) -> Int { tileRows * (2 * keys + 1) }

    public func forward(_ pass: ForwardPass) {
        let scores = pass.scratch
        for row in 0..<pass.rows {
            let operands = operands(row, queries: pass.input(0), others: source == .own ? nil : pass.input(1))
            let ids = hasPadding ? pass.input(inputShapes.count - 1) + row * keys : nil
            for head in 0..<heads {
                let column = head * headWidth
                for first in stride(from: 0, to: positions, by: Self.tile) {
                    let tile = Tile(of: self, head: head, first: first)
                    pass.multiply(
                        .plain(operands.queries + first * operands.queryStride + column, stride: operands.queryStride),
                        .transposed(operands.keys + column, stride: operands.keyStride), into: scores,
                        stride: tile.columns, rows: tile.rows, columns: tile.columns, depth: headWidth, scale: scale)
                    withMask(first: first, ids: ids) {
                        kernels.attention_weights(
                            $0, scores, pass.kept.map { $0 + (row * heads + head) * positions + first }, tile.rows,
                            tile.columns)
                    }
                    if let randomness = pass.randomness { drop(scores, of: tile, row: row, randomness) }
                    pass.multiply(
                        .plain(scores, stride: tile.columns),
                        .plain(operands.values + column, stride: operands.keyStride),
                        into: pass.output + (row * positions + first) * width + column, stride: width,
                        rows: tile.rows, columns: headWidth, depth: tile.columns)
                }
            }
        }
    }
}
