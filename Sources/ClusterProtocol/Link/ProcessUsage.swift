import Glibc

/// What this process takes of the machine, as Linux tells it in proc(5).
package struct ProcessUsage {
    private let clock = ContinuousClock()
    private var lastInstant: ContinuousClock.Instant
    private var lastSeconds: Double

    package init() {
        lastInstant = clock.now
        lastSeconds = Self.processorSeconds()
    }

    /// Share of one core since the last call: 100 is one core, busy.
    package mutating func cpuPercent() -> Float {
        let now = clock.now
        let seconds = Self.processorSeconds()
        defer {
            lastInstant = now
            lastSeconds = seconds
        }
        let elapsed = (now - lastInstant).seconds
        return elapsed > 0 ? Float(100 * (seconds - lastSeconds) / elapsed) : 0
    }

    /// Bytes of memory that are resident; 0 where /proc is not mounted.
    package static func residentBytes() -> UInt64 {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        // Sizes in pages; the second is what is resident.
        var cursor: UnsafeMutablePointer<CChar>?
        return line.withUnsafeMutableBufferPointer { text in
            _ = strtoull(text.baseAddress!, &cursor, 10)
            return UInt64(strtoull(cursor!, nil, 10)) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
        }
    }

    private static func processorSeconds() -> Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    }
}
