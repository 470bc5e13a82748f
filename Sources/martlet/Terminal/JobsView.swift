import JobProtocol
import Foundation
import Training

/// A table of jobs, in the order given.
struct JobsView {
    var jobs: [JobSummary]
    var now: Date
    var width: Int?

    func lines() -> [String] {
        let columns: [TextTable.Column] = [
            .init("JOB"), .init("STATE"), .init("WORKERS", .right), .init("EPOCH", .right), .init("STEP", .right),
            .init("LOSS", .right), .init("SAMPLES/S", .right), .init("ETA", .right), .init("SUBMITTED", .right),
            .init("DETAIL"),
        ]
        let rows = jobs.map { job -> [String] in
            let running = job.state == .running ? job.progress : nil
            return [
                job.id, job.state.rawValue,
                (job.state == .running ? job.workers.count : job.workersAsked).map(String.init) ?? "-",
                "\(job.progress?.epoch ?? job.curve.last?.epoch ?? 0)/\(job.epochs.map(String.init) ?? "-")",
                running.map { "\($0.step)/\($0.steps)" } ?? "-",
                (job.progress?.loss ?? job.curve.last?.trainingLoss).map(Figures.loss) ?? "-",
                running.map { Figures.count($0.samplesPerSecond) } ?? "-",
                running.map { Figures.duration(seconds: $0.secondsLeft) } ?? "-",
                "\(Figures.duration(seconds: max(0, now.timeIntervalSince(job.submitted)))) ago",
                detail(of: job),
            ]
        }
        return TextTable(columns: columns, rows: rows).lines(width: width)
    }

    /// That there are more than are shown; nil if there are not.
    static func rest(shown: Int, total: Int) -> String? {
        total > shown ? "the newest \(shown) of \(total) jobs; martlet jobs --all lists them all" : nil
    }

    /// Its first line: `martlet job show` has the rest.
    private func detail(of job: JobSummary) -> String {
        let detail = job.storageProblem ?? job.detail
        let lines = detail.split(separator: "\n", maxSplits: 1)
        return (lines.first.map(String.init) ?? "") + (lines.count > 1 ? "…" : "")
    }
}
