import Foundation
import Tensors
import Training

/// What `martlet bench train` found.
struct TrainReport: Encodable, Sendable {
    var workload: String
    var precision: Precision
    var workers: Int
    var threads: Int
    var batchPerWorker: Int
    /// Of all workers together, within the steps.
    var samplesPerSecond: Double
    /// Counted ones.
    var epochs: Int
    /// Of their steps, on the slowest worker.
    var seconds: Double
    /// From the end of the epoch before them to the end of the last one, as the coordinator heard of it.
    var wallSeconds: Double
    /// Of the worker that had the most.
    var peakResidentBytes: Int
    /// Of the steps, mean over the workers.
    var times: StepTimes

    init(
        workload: Workload, precision: Precision, workers: Int, threads: Int, epochs: [EpochRecord],
        wallSeconds: Double,
        peakResidentBytes: Int
    ) {
        self.workload = workload.rawValue
        self.precision = precision
        self.workers = workers
        self.threads = threads
        self.wallSeconds = wallSeconds
        self.peakResidentBytes = peakResidentBytes
        batchPerWorker = workload.batchSize
        self.epochs = epochs.count
        seconds = epochs.reduce(0) { $0 + $1.seconds }
        samplesPerSecond = Double(epochs.count * workload.rows * workers) / seconds
        times = epochs.reduce(into: StepTimes()) { sum, epoch in
            guard let times = epoch.times else { return }
            sum.data += times.data
            sum.forward += times.forward
            sum.backward += times.backward
            sum.communication += times.communication
            sum.update += times.update
        }
    }

    /// Share of the time that no step was under way.
    private var outsideSteps: Double { max(0, 1 - seconds / wallSeconds) }

    var lines: [String] {
        let shares = [
            ("data", times.data), ("forward", times.forward), ("backward", times.backward),
            ("communication", times.communication), ("update", times.update),
        ].map { "\($0)=\(Self.percent($1 / seconds))" }
        return [
            "\(workload) \(precision) workers=\(workers) batch/worker=\(batchPerWorker) "
                + String(format: "samples/s=%.1f peak-rss-mb=%.0f", samplesPerSecond, Double(peakResidentBytes) / 1e6),
            String(format: "  %d epochs, %.1f s of steps: ", epochs, seconds) + shares.joined(separator: " "),
            String(format: "  %.1f s in all: ", wallSeconds) + "outside-steps=\(Self.percent(outsideSteps))",
        ]
    }

    private static func percent(_ share: Double) -> String { String(format: "%.1f%%", 100 * share) }
}
