import JobProtocol
import ArgumentParser
import LocalCluster
import Foundation
import Tensors
import Training

struct BenchTrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Samples per second of data-parallel training.",
        discussion: """
            Example: martlet bench train cnn --workers 2

            A real job on a real cluster: the data pipeline, checkpoints and reports are part of what is measured. \
            AdamW, f32 unless --precision says otherwise. An epoch has as many rows as one core computes in four to six seconds (mlp: one to two, so that \
            its rows do not fill the memory that is measured). The first epoch is not counted, at least two are.

            samples/s is of the steps, from the first to the last of each epoch; outside-steps is the share of the time \
            between epochs, when figures are agreed on and checkpoints and reports are begun. The shares of data, \
            forward, backward, communication and update are of the steps, mean over the workers. peak-rss-mb is the \
            most memory that any worker process ever had resident, by its VmHWM in proc(5).
            """)

    @Argument(help: "mlp, cnn, lstm or gpt.")
    var workload: Workload

    @Option(parsing: .unconditional, help: "Worker processes.")
    var workers = 1

    @Option(parsing: .unconditional, help: "Threads of each worker.")
    var threads = 1

    @Option(help: "Of matrix products: f32 or bf16.", transform: precision(named:))
    var precision = Precision.f32

    @Option(parsing: .unconditional, help: "Seconds of steps to measure, at least.")
    var seconds = 8.0

    @OptionGroup var output: Output

    private static func precision(named name: String) throws -> Precision {
        guard let precision = Precision(rawValue: name) else {
            throw ValidationError("expected f32 or bf16, not '\(name)'")
        }
        return precision
    }

    func validate() throws {
        try OptionBounds.check(workers, of: "--workers", in: 1...ClusterFile.largest)
        try OptionBounds.check(threads, of: "--threads", in: 1...ClusterFile.largest)
        try OptionBounds.check(seconds, of: "--seconds", in: 0...OptionBounds.day)
    }

    func run() async throws {
        let report = try await TemporaryCluster.with(workers: workers, threads: threads, inference: 0) { folder in
            let data = folder.root.appending(path: "data.csv")
            try workload.writeData(rows: workload.rows * workers, to: data)
            return try await OperatorSession.with(folder) { try await measure($0, data: data, in: folder) }
        }
        try output.show(report, lines: report.lines)
    }

    /// Trains until enough epochs have followed the first one that was seen, and cancels the job.
    private func measure(_ session: OperatorSession, data: URL, in folder: ClusterFolder) async throws -> TrainReport {
        let specification = workload.job(
            data: data, workers: workers, threads: threads, epochs: 10_000, precision: precision)
        let id = try await session.client.submit(specification: specification, source: "").id
        var first: (epochs: Int, time: ContinuousClock.Instant)?
        var curve: [EpochRecord] = []
        while true {
            let job = try await session.client.job(id, curveAfter: curve.last?.epoch)
            curve += job.curve
            if job.state.isFinal { throw CommandFailure("the measured job is \(job.state.rawValue): \(job.detail)") }
            if let first {
                let counted = Array(curve.dropFirst(first.epochs))
                let elapsed = ContinuousClock.now - first.time
                if counted.count >= 2, counted.reduce(0, { $0 + $1.seconds }) >= seconds {
                    let peak = try peakResidentBytes(in: folder)
                    _ = try await session.client.cancel(id)
                    return TrainReport(
                        workload: workload, precision: precision, workers: workers, threads: threads, epochs: counted,
                        wallSeconds: elapsed / .seconds(1), peakResidentBytes: peak)
                }
            } else if !curve.isEmpty {
                first = (curve.count, .now)
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Of the worker that had the most.
    private func peakResidentBytes(in folder: ClusterFolder) throws -> Int {
        try folder.processes().filter { $0.key.hasPrefix("worker-") }.map { node, process in
            let status = try String(contentsOfFile: "/proc/\(process.processID)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            let fields = line?.split(whereSeparator: \.isWhitespace) ?? []
            guard fields.count == 3, let kibibytes = Int(fields[1]) else {
                throw CommandFailure("/proc/\(process.processID)/status of \(node) has no VmHWM")
            }
            return kibibytes << 10
        }.max() ?? 0
    }
}
