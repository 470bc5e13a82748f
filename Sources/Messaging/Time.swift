import Foundation

/// The two clocks of messaging: one that only goes forward, for deadlines here, and that of the calendar, for
/// deadlines that travel.
enum Time {
    /// Nanoseconds since some point in the past.
    static var monotonic: UInt64 { read(CLOCK_MONOTONIC) }

    /// Microseconds since 1970.
    static var unixMicroseconds: UInt64 { read(CLOCK_REALTIME) / 1000 }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Duration {
    /// Whole nanoseconds, 0 for negative durations and the maximum for those of more than 584 years.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000).partialValue
    }
}
