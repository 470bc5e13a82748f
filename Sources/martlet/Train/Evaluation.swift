import Checkpoints
import Cluster
import Digests
import NeuralNetworks
import Training

/// What `martlet train` prints in the end: the metrics that the job asked for. `martlet job show` has them all.
enum Evaluation {
    static func lines(of job: JobStatus, version: ModelStatus.Version) -> [String] {
        let name = "\(job.name):\(version.version)"
        var lines = [
            "", "\(name)  \(version.manifest.short)  best epoch \(version.details.epoch), test set:",
        ]
        let asked = Set(job.specification.evaluate.metrics.map(\.rawValue))
        lines += JobView.metricLines(job.metrics.filter { asked.contains($0.key) }).map { "  \($0)" }
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
