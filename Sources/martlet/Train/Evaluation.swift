import Checkpoints
import Cluster
import Digests

/// What `martlet train` prints in the end.
enum Evaluation {
    static func lines(of job: JobStatus, version: ModelStatus.Version) -> [String] {
        let name = "\(job.name):\(version.version)"
        var lines = [
            "", "\(name)  \(version.manifest.short)  best epoch \(version.details.epoch), test set:",
        ]
        lines += JobView.metricLines(job.metrics).map { "  \($0)" }
        if !version.gate.figures.isEmpty {
            lines += ["gate \(version.gate.passed ? "passed" : "failed")"] + version.gate.figures.map { "  \($0)" }
        }
        lines.append(
            version.gate.passed
                ? "serve it with: martlet promote \(name)"
                : "it cannot be promoted; martlet promote \(name) --force --reason TEXT overrides the gate")
        return lines
    }
}
