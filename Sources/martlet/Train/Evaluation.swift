import Checkpoints
import ClusterProtocol
import JobProtocol
import Digests
import NeuralNetworks
import Training

/// What `martlet train` prints in the end: the metrics that the job asked for. `martlet job show` has them all.
enum Evaluation {
    /// - Parameter version: that the job made; nil when it was deleted.
    static func lines(of job: JobStatus, version: ModelStatus.Version?) -> [String] {
        let asked = Set(job.specification.evaluate.metrics.map(\.rawValue))
        let metrics = JobView.metricLines(job.metrics.filter { asked.contains($0.key) }).map { "  \($0)" }
        guard let version else {
            let name = job.version.map { "\(job.name):\($0)" } ?? job.name
            return ["", "\(name) was made and has been deleted, test set:"] + metrics
        }
        let name = "\(job.name):\(version.version)"
        var lines = [
            "", "\(name)  \(version.manifest.short)  best epoch \(version.details.epoch), test set:",
        ]
        lines += metrics
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
