import Foundation
import Synchronization

/// The times at which contents are used, each later than all before: where the clock of the machine is set back, what was
/// used last must not seem to be the oldest.
final class UseClock: Sendable {
    private let latest = Mutex(timespec())

    /// Some content was used then.
    func saw(_ time: timespec) {
        latest.withLock { latest in
            if Self.isBefore(latest, time) { latest = time }
        }
    }

    /// Now, or right after what was used last.
    func next() -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        return latest.withLock { [now] latest in
            latest = Self.isBefore(latest, now) ? now : Self.after(latest)
            return latest
        }
    }

    private static func isBefore(_ first: timespec, _ second: timespec) -> Bool {
        (first.tv_sec, first.tv_nsec) < (second.tv_sec, second.tv_nsec)
    }

    private static func after(_ time: timespec) -> timespec {
        time.tv_nsec < 999_999_999
            ? timespec(tv_sec: time.tv_sec, tv_nsec: time.tv_nsec + 1) : timespec(tv_sec: time.tv_sec &+ 1, tv_nsec: 0)
    }
}
