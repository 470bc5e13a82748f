import JobProtocol
import ClusterProtocol
import Foundation

extension JobEvaluation.Machine {
    /// That of this process.
    init(worker: String) {
        let process = ProcessInfo.processInfo
        self.init(
            worker: worker, host: process.hostName, processor: Self.processor(), cores: process.activeProcessorCount,
            memoryBytes: process.physicalMemory, system: process.operatingSystemVersionString, version: codeVersion)
    }

    /// As the kernel names it, such as `AMD EPYC 7B13`.
    private static func processor() -> String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("model name") || $0.hasPrefix("Model") }
        let name = line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
        return name ?? "unknown"
    }
}
