import Files
package import Foundation
import Glibc

/// Names one process for good. A process ID alone does not: the kernel gives it to another process one day, and
/// whoever trusts an old file then kills a stranger.
package struct ProcessRecord: Codable, Sendable, Equatable {
    package var processID: Int32
    /// Clock ticks between boot and the process's start; field 22 of `/proc/<pid>/stat`, see proc(5).
    package var startTicks: UInt64
    /// `/proc/sys/kernel/random/boot_id`: ticks of another boot mean nothing.
    package var boot: String

    package init(processID: Int32, startTicks: UInt64, boot: String) {
        self.processID = processID
        self.startTicks = startTicks
        self.boot = boot
    }

    /// The record of a process that exists now; nil when there is none.
    package init?(of processID: Int32) {
        guard let stat = ProcessStat(of: processID), let boot = Self.currentBoot else { return nil }
        self.init(processID: processID, startTicks: stat.startTicks, boot: boot)
    }

    /// Whether this very process runs. One that ended and was not yet waited for by its parent does not.
    package var isAlive: Bool {
        guard boot == Self.currentBoot, let stat = ProcessStat(of: processID) else { return false }
        return stat.startTicks == startTicks && !stat.hasEnded
    }

    /// Whether it is there and does nothing until it gets SIGCONT.
    package var isPaused: Bool { isAlive && ProcessStat(of: processID)?.isPaused == true }

    /// What is said of a process that is paused, and what to do.
    package static func pauseWords(_ processID: Int32) -> String {
        "is stopped, as by Ctrl-Z or SIGSTOP: `kill -CONT \(processID)` lets it go on"
    }

    /// Sends a signal if this very process runs, and never to another one.
    package func signal(_ number: Int32) {
        if isAlive { kill(processID, number) }
    }

    package func write(to file: URL) throws {
        try SmallFile.write(Array(JSONEncoder().encode(self)), to: file.path)
    }

    /// The record in a file; nil when there is no file, or none that can be read as one.
    package static func read(from file: URL) -> ProcessRecord? {
        guard let data = try? SmallFile.read(file.path) else { return nil }
        return try? JSONDecoder().decode(ProcessRecord.self, from: Data(data))
    }

    private static let currentBoot: String? = {
        guard let data = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") else { return nil }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }()
}

/// The fields of `/proc/<pid>/stat` that tell one process from another.
struct ProcessStat: Equatable {
    var state: Character
    /// The process that started it, or that has taken it over.
    var parent: Int32
    /// The process that leads its session.
    var session: Int32
    var startTicks: UInt64

    /// Zombie or dead.
    var hasEnded: Bool { state == "Z" || state == "X" }

    /// By a signal, or by a debugger.
    var isPaused: Bool { state == "T" || state == "t" }

    init?(of processID: Int32) {
        guard let data = FileManager.default.contents(atPath: "/proc/\(processID)/stat") else { return nil }
        self.init(line: String(decoding: data, as: UTF8.self))
    }

    /// The command's name stands in parentheses and may hold spaces and parentheses itself: fields are counted from
    /// the last closing one.
    init?(line: String) {
        guard let close = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: close)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 19, let state = fields[0].first, let parent = Int32(fields[1]),
            let session = Int32(fields[3]),
            let startTicks = UInt64(fields[19])
        else { return nil }
        self.state = state
        self.parent = parent
        self.session = session
        self.startTicks = startTicks
    }
}
