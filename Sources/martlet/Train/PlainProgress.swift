import NeuralNetworks
import JobProtocol
import Foundation
import Training

/// Progress where no line can be drawn again: what is new between two looks at a job, one line each. Why a job failed or
/// was cancelled is said by the error that ends the command.
enum PlainProgress {
    static func lines(from before: JobStatus?, to now: JobStatus) -> [String] {
        var lines: [String] = []
        let isChanged = before?.state != now.state || (before?.detail != now.detail && !now.state.isFinal)
        let state = "\(now.state.rawValue)\(now.detail.isEmpty ? "" : ": \(now.detail)")"
        if isChanged, !now.state.isFinal { lines.append(state) }
        if let problem = now.storageProblem, before?.storageProblem != problem {
            lines.append("the coordinator \(problem); the job goes on by itself when it can")
        }
        if now.state == .running, !now.workers.isEmpty, before?.generation != now.generation {
            lines.append("generation \(now.generation) on \(now.workers.joined(separator: ", "))")
        }
        // After a resume the curve may begin anew at an earlier epoch; epochs that were shown are not shown again.
        let shown = before?.curve.last?.epoch ?? 0
        for point in now.curve where point.epoch > shown { lines.append(line(point, of: now)) }
        if isChanged, now.state == .finished { lines.append(state) }
        return lines
    }

    private static func line(_ point: EpochRecord, of job: JobStatus) -> String {
        var parts = [
            "epoch \(point.epoch)/\(job.specification.train.epochs)", "step \(point.step)",
            "loss \(Figures.loss(point.trainingLoss))",
        ]
        if let loss = point.validationLoss { parts.append("validation loss \(Figures.loss(loss))") }
        for name in job.specification.evaluate.metrics.map(\.rawValue) where name != "loss" {
            if let value = point.metrics?[name] { parts.append("\(name) \(Figures.metric(value))") }
        }
        if let progress = job.progress, job.state == .running {
            parts.append("\(Figures.count(progress.samplesPerSecond)) samples/s")
            parts.append("ETA \(Figures.duration(seconds: progress.secondsLeft))")
        }
        return parts.joined(separator: "  ")
    }
}
