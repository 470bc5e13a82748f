import JobProtocol
import Foundation
import Training

/// `martlet job show`.
struct JobView {
    var job: JobStatus
    var now: Date

    /// Points of the loss curve that are shown; a longer curve is thinned out evenly, its last point kept,
    /// and said to be.
    private static let curvePoints = 20

    func lines() -> [String] {
        var lines = [
            "job        \(job.id)",
            "model      \(job.name)\(job.version.map { ":\($0)" } ?? "")",
            "state      \(job.state.rawValue)\(job.detail.isEmpty ? "" : " (\(job.detail))")",
            "submitted  \(job.submitted.formatted(.iso8601))",
        ]
        if let problem = job.storageProblem {
            lines.append("problem    the coordinator \(problem); it goes on by itself")
        }
        if let started = job.started {
            let seconds = (job.ended ?? now).timeIntervalSince(started)
            lines.append("took       \(Figures.duration(seconds: max(0, seconds)))")
        }
        if !job.workers.isEmpty {
            lines.append("workers    \(job.workers.joined(separator: ", ")) (generation \(job.generation))")
        }
        if job.state == .running, let progress = job.progress {
            lines.append("progress   \(ProgressLine.text(progress, width: 100))")
        }
        if !job.warnings.isEmpty { lines += ["", "warnings"] + job.warnings.map { "  \($0)" } }
        if !job.curve.isEmpty { lines += [""] + curveLines() }
        if !job.metrics.isEmpty { lines += ["", "test set"] + Self.metricLines(job.metrics) }
        return lines
    }

    func curveLines() -> [String] {
        let validated = job.curve.contains { $0.validationLoss != nil }
        var columns: [TextTable.Column] = [
            .init("EPOCH", .right), .init("STEP", .right), .init("TRAINING LOSS", .right),
        ]
        if validated { columns.append(.init("VALIDATION LOSS", .right)) }
        let rows = Self.thinned(job.curve, to: Self.curvePoints).map { point in
            [String(point.epoch), String(point.step), Figures.loss(point.trainingLoss)]
                + (validated ? [point.validationLoss.map(Figures.loss) ?? "-"] : [])
        }
        let shown = TextTable(columns: columns, rows: rows).lines()
        guard job.curve.count > rows.count else { return shown }
        return shown + ["\(rows.count) of \(job.curve.count) epochs of the curve are shown; --json has them all"]
    }

    /// One line for each metric, by name.
    static func metricLines(_ metrics: [String: Double]) -> [String] {
        let rows = metrics.sorted { $0.key < $1.key }.map { [$0.key, Figures.metric($0.value)] }
        return TextTable(columns: [.init("METRIC"), .init("VALUE", .right)], rows: rows).lines()
    }

    static func thinned(_ curve: [EpochRecord], to limit: Int) -> [EpochRecord] {
        guard curve.count > limit else { return curve }
        return (0..<limit).map { curve[$0 * (curve.count - 1) / (limit - 1)] }
    }
}
