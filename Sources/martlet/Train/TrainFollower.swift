import ArgumentParser
import ClusterProtocol
import JobProtocol
import Foundation
import Training
import UnixSignals
import Wire

/// Watches one job until it ends or the person turns away.
struct TrainFollower {
    let session: OperatorSession
    let job: String
    let output: Output
    /// Warnings of the job that the person has seen already.
    var toldWarnings: [String] = []

    /// How long the coordinator may be gone; training goes on meanwhile.
    private static let longestSilence = Duration.seconds(120)

    private enum Event {
        case tick, interrupted
    }

    /// Returns when the job has finished; throws when it failed or was cancelled, and `ExitCode(130)` when the person
    /// left it running.
    func run() async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(4))
        let final = try await withThrowingTaskGroup(of: Void.self, returning: JobStatus.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                while !Task.isCancelled {
                    continuation.yield(.tick)
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint) { continuation.yield(.interrupted) }
            }
            return try await follow(events)
        }
        try await conclude(final)
    }

    private func follow(_ events: AsyncStream<Event>) async throws -> JobStatus {
        var display = ProgressDisplay(silent: output.json)
        var told = Set(toldWarnings)
        var lastAnswer = ContinuousClock.now
        var curve: [EpochRecord] = []
        for await event in events {
            switch event {
            case .tick:
                do {
                    var status = try await session.client.job(job, curveAfter: curve.last?.epoch)
                    lastAnswer = .now
                    curve = curve.continued(by: status.curve)
                    status.curve = curve
                    for warning in status.warnings where told.insert(warning).inserted {
                        try display.end()
                        Output.note("warning: \(warning)")
                    }
                    try display.show(status)
                    if status.state.isFinal {
                        try display.end()
                        return try await session.client.job(job)
                    }
                } catch let error where Silence.is(error) && lastAnswer.duration(to: .now) < Self.longestSilence {
                    try display.note("the coordinator does not answer; training goes on without it")
                }
            case .interrupted:
                try display.end()
                switch try await InterruptQuestion.ask(about: job) {
                case .goOn: break
                case .cancel: try display.note("job \(try await session.client.cancel(job).id) is cancelled")
                case .leave:
                    Output.note("job \(job) goes on; `martlet job wait \(job)` follows it again")
                    throw ExitCode(130)
                }
            }
        }
        throw CancellationError()
    }

    /// Says how it ended.
    private func conclude(_ status: JobStatus) async throws {
        guard status.state == .finished else {
            if output.json { try Output.write(Output.text(of: status)) }
            let detail = status.detail.isEmpty ? "" : ": \(status.detail)"
            throw CommandFailure("job \(status.id) \(status.state == .failed ? "failed" : "was cancelled")\(detail)")
        }
        guard !output.json, let number = status.version else { return try output.show(status, lines: []) }
        let version = try await version(number, of: status.name)
        try Output.write(Evaluation.lines(of: status, version: version).joined(separator: "\n"))
    }

    /// Nil when it was deleted: the job has finished all the same.
    private func version(_ number: Int, of name: String) async throws -> ModelStatus.Version? {
        do {
            return try await session.client.model(name).versions.first { $0.version == number }
        } catch let failure as Failure where failure.code == .notFound {
            return nil
        }
    }
}
