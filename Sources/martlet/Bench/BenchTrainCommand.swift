import ArgumentParser
import Cluster
import Foundation
import Training

struct BenchTrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Samples per second of data-parallel training.",
        discussion: """
            Example: martlet bench train cnn --workers 2

            A real job on a real cluster: the data pipeline, checkpoints and reports are part of what is measured. One \
            thread for each worker, AdamW, f32. The first epoch is not counted.
            """)

    @Argument(help: "mlp, cnn, lstm or gpt.")
    var workload: Workload

    @Option(help: "Worker processes.")
    var workers = 1

    @Option(help: "Threads of each worker.")
    var threads = 1

    @Option(help: "Seconds to measure, at least.")
    var seconds = 8.0

    @OptionGroup var output: Output

    struct Report: Encodable {
        var workload: String
        var workers: Int
        var batchPerWorker: Int
        var samplesPerSecond: Double
        var seconds: Double
        var epochs: Int
    }

    func validate() throws {
        guard workers > 0 else { throw ValidationError("--workers must be at least 1, not \(workers)") }
        guard threads > 0 else { throw ValidationError("--threads must be at least 1, not \(threads)") }
    }

    func run() async throws {
        let report = try await TemporaryCluster.with(workers: workers, threads: threads, inference: 0) { folder in
            let data = folder.root.appending(path: "data.csv")
            try workload.writeData(rows: workload.rows * workers, to: data)
            return try await OperatorSession.with(folder) { try await measure($0, data: data) }
        }
        let lines = [
            "\(report.workload) workers=\(report.workers) batch/worker=\(report.batchPerWorker) "
                + "samples/s=\(String(format: "%.1f", report.samplesPerSecond)) over \(report.epochs) epochs"
        ]
        try output.show(report, lines: lines)
    }

    private func measure(_ session: OperatorSession, data: URL) async throws -> Report {
        let specification = workload.job(data: data, workers: workers, threads: threads, epochs: 10_000)
        let id = try await session.client.submit(specification: specification, source: "").id
        while true {
            let job = try await session.client.job(id)
            if job.state.isFinal { throw CommandFailure("the measured job is \(job.state.rawValue): \(job.detail)") }
            let counted = job.curve.dropFirst()
            let elapsed = counted.reduce(0) { $0 + $1.seconds }
            guard elapsed < seconds else {
                _ = try await session.client.cancel(id)
                let samples = Double(counted.count * workload.rows * workers)
                return Report(
                    workload: workload.rawValue, workers: workers, batchPerWorker: workload.batchSize,
                    samplesPerSecond: samples / elapsed, seconds: elapsed, epochs: counted.count)
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}
