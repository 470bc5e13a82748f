import Foundation

package extension UInt64 {
    /// The clock that deadlines in envelopes are read against.
    static var microsecondsSince1970: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
}
