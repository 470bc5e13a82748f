import ClusterProtocol

/// Requests of the last ten seconds, second by second.
struct TrafficWindow {
    static let seconds = 10

    private struct Slot {
        var second = -1
        var errors = 0
        var latencies = LatencyHistogram()
    }

    // One more for the second that is still running.
    private var slots = [Slot](repeating: Slot(), count: seconds + 1)

    /// `second` counts up from any start.
    mutating func record(second: Int, microseconds: Int, isError: Bool) {
        let index = second % slots.count
        if slots[index].second != second { slots[index] = Slot(second: second) }
        slots[index].latencies.record(microseconds: microseconds)
        if isError { slots[index].errors += 1 }
    }

    /// The ten whole seconds before `second`, which is still running.
    func report(second: Int) -> GatewayReport.Traffic {
        var all = LatencyHistogram()
        var errors = 0
        for slot in slots where slot.second >= 0 && ((second - Self.seconds)..<second).contains(slot.second) {
            all.add(slot.latencies)
            errors += slot.errors
        }
        return GatewayReport.Traffic(
            requestsPerSecond: Double(all.count) / Double(Self.seconds),
            p50Milliseconds: all.microseconds(at: 0.5) / 1000, p99Milliseconds: all.microseconds(at: 0.99) / 1000,
            errorsPerSecond: Double(errors) / Double(Self.seconds))
    }
}
