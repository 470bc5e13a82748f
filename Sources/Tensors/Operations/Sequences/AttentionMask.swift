/// Which keys the queries of an attention layer may look at, besides padding.
public enum AttentionMask: Sendable, Equatable {
    /// All of them.
    case none
    /// Those up to the query's own position.
    case causal
    /// Those that are at most so many positions away from the query's own.
    case window(Int)
    /// Added to the scores: queries x keys, minus infinity where a query must not look. PyTorch's `attn_mask` of floats.
    case added([Float])
}

extension AttentionMask {
    /// Queries look at keys that are at most `size` positions away; nil: at all.
    public init(window size: Int?) {
        self = size.map(AttentionMask.window) ?? .none
    }
}
