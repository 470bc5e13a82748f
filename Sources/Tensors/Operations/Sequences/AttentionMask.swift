/// Which keys the queries of an attention layer may look at, besides padding.
public enum AttentionMask: Sendable, Equatable {
    /// All of them.
    case none
    /// Those up to the query's own position.
    case causal
    /// Added to the scores: queries x keys, minus infinity where a query must not look. PyTorch's `attn_mask` of floats.
    case added([Float])
}

extension AttentionMask {
    /// Queries look at keys that are at most `size` positions away; nil: at all.
    public static func window(_ size: Int?, queries: Int, keys: Int) -> AttentionMask {
        guard let size else { return .none }
        return .added(
            (0..<queries * keys).map { abs($0 / keys - $0 % keys) <= size ? 0 : -.infinity })
    }
}
