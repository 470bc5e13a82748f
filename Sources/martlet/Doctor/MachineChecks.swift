import Foundation
import Glibc
import Threads

/// What the machine itself must offer.
enum MachineChecks {
    static func findings(dataFolder: URL) async -> [Finding] {
        [await toolchain(), processor(), clock(), disk(dataFolder), descriptors(), memory()]
    }

    /// Only building needs it; a machine that runs a copied program does not.
    private static func toolchain() async -> Finding {
        let remedy = "to build here, install Swift 6.3 or later: https://www.swift.org/install/linux"
        let output = try? await NamedThread.run("swift --version") {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["swift", "--version"]
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            try process.run()
            let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            return text
        }
        guard let version = output?.split(separator: "\n").first(where: { $0.contains("Swift version") }) else {
            return .warning("toolchain", "no swift in PATH", remedy: remedy)
        }
        return toolchain(version: String(version))
    }

    static func toolchain(version line: String) -> Finding {
        let numbers = line.split(separator: " ").lazy.compactMap { word -> (Int, Int)? in
            let parts = word.split(separator: ".")
            guard parts.count > 1, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
            return (major, minor)
        }
        guard let version = numbers.first, version >= (6, 3) else {
            return .warning("toolchain", line, remedy: "building Martlet needs Swift 6.3 or later")
        }
        return .ok("toolchain", line)
    }

    private static func processor() -> Finding {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        return processor(cpuinfo: text, cores: ProcessInfo.processInfo.activeProcessorCount)
    }

    static func processor(cpuinfo: String, cores: Int) -> Finding {
        let line = cpuinfo.split(separator: "\n").first { $0.hasPrefix("flags") || $0.hasPrefix("Features") } ?? ""
        let flags = Set(line.split(whereSeparator: \.isWhitespace).map(String.init))
        let found = ["avx512f", "avx2", "fma", "asimd"].filter(flags.contains)
        let text = "\(cores) cores, \(found.isEmpty ? "no wide vectors" : found.joined(separator: " "))"
        guard flags.isSuperset(of: ["avx2", "fma"]) || flags.contains("asimd") else {
            return .warning(
                "processor", text,
                remedy: "everything works, several times slower than with AVX2; on a virtual machine, pass the host's "
                    + "CPU features through")
        }
        return .ok("processor", text)
    }

    /// Deadlines travel as absolute times, so machines must agree on the time.
    private static func clock() -> Finding {
        typealias AdjustTime = @convention(c) (UnsafeMutableRawPointer) -> Int32
        // adjtimex(2) with nothing to set only reads. Its structure has 208 bytes and is not looked into: the answer 5,
        // TIME_ERROR, says that the clock is not synchronised.
        var nothing = [UInt64](repeating: 0, count: 32)
        guard let adjust = LibraryChecks.function("adjtimex", as: AdjustTime.self),
            case let state = adjust(&nothing), state >= 0
        else { return .ok("clock", "\(Date().formatted(.iso8601)), state unknown") }
        guard state != 5 else {
            return .warning(
                "clock", "\(Date().formatted(.iso8601)), not synchronised",
                remedy: "of no matter on one machine; across machines run chrony or systemd-timesyncd: deadlines are "
                    + "absolute times")
        }
        return .ok("clock", "\(Date().formatted(.iso8601)), synchronised")
    }

    private static func disk(_ folder: URL) -> Finding {
        var existing = folder.standardizedFileURL
        while existing.path != "/", !FileManager.default.fileExists(atPath: existing.path) {
            existing.deleteLastPathComponent()
        }
        var information = statvfs()
        guard statvfs(existing.path, &information) == 0 else {
            return .broken("disk", "\(existing.path): \(String(cString: strerror(errno)))", remedy: "mend the folder")
        }
        guard access(existing.path, W_OK) == 0 else {
            return .broken(
                "disk", "\(existing.path) cannot be written by this user",
                remedy: "choose another `data` folder in the cluster file")
        }
        return disk(free: UInt64(information.f_bavail) * UInt64(information.f_frsize), at: existing.path)
    }

    static func disk(free: UInt64, at path: String) -> Finding {
        let text = "\(Figures.bytes(free)) free at \(path)"
        let remedy =
            "free some space, or choose another `data` folder in the cluster file: checkpoints, shards and "
            + "logs are kept there"
        if free < 200_000_000 { return .broken("disk", text, remedy: remedy) }
        return free < 2_000_000_000 ? .warning("disk", text, remedy: remedy) : .ok("disk", text)
    }

    private static func descriptors() -> Finding {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return .warning(
                "open files", "the limit cannot be read: \(String(cString: strerror(errno)))", remedy: "see ulimit -n")
        }
        return descriptors(limit: UInt64(limit.rlim_cur))
    }

    static func descriptors(limit: UInt64) -> Finding {
        let remedy = "raise it with `ulimit -n 65536` before `cluster up`: the gateway needs one for each connection"
        if limit < 256 { return .broken("open files", "at most \(limit)", remedy: remedy) }
        if limit < 4096 { return .warning("open files", "at most \(limit)", remedy: remedy) }
        return .ok("open files", "at most \(limit)")
    }

    private static func memory() -> Finding {
        let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { UInt64($0) } ?? 0
        let available = Figures.bytes(kilobytes * 1024)
        guard kilobytes > 512 * 1024 else {
            return .warning(
                "memory", "\(available) available", remedy: "a small cluster takes about 400 MB; end something else")
        }
        return .ok("memory", "\(available) available")
    }
}
