/// Which keys the queries of an attention layer may look at, besides padding.
public enum AttentionMask: Sendable, Equatable {
    /// All of them.
    case none
    /// Those up to the query's own position.
    case causal
    /// Added to the scores: queries x keys, minus infinity where a query must not look. PyTorch's `attn_mask` of floats.
    case added([Float])
}
