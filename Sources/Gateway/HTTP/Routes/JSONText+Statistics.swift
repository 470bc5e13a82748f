extension JSONText {
    /// One version in Triton's statistics. What happens inside of nodes is not known here: it counts 0 times.
    mutating func statistics(of label: GatewayMetrics.Label, _ series: GatewayMetrics.Series) {
        raw("{\"name\":")
        string(label.model)
        raw(",\"version\":")
        string(label.version)
        raw(",\"last_inference\":")
        number(series.lastSuccess)
        raw(",\"inference_count\":")
        number(Int(clamping: series.rows))
        raw(",\"execution_count\":")
        number(Int(clamping: series.succeeded.count))
        raw(",\"inference_stats\":{\"success\":")
        duration(series.succeeded)
        raw(",\"fail\":")
        duration(series.failed)
        for part in ["queue", "compute_input", "compute_infer", "compute_output", "cache_hit", "cache_miss"] {
            raw(",")
            string(part)
            raw(":")
            duration(GatewayMetrics.Durations())
        }
        raw("},\"batch_stats\":[]}")
    }

    private mutating func duration(_ durations: GatewayMetrics.Durations) {
        raw("{\"count\":")
        number(Int(clamping: durations.count))
        raw(",\"ns\":")
        number(Int(clamping: durations.nanoseconds))
        raw("}")
    }
}
