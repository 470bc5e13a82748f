import JobProtocol
import ArgumentParser
import ClusterProtocol
import Foundation
import UnixSignals

/// Watches one launch until it ends, and ends it when the person turns away.
struct LaunchFollower {
    let session: OperatorSession
    let launch: String
    let output: Output

    /// How long the coordinator may be silent. A launch does not outlive it.
    private static let longestSilence = Duration.seconds(60)

    private enum Event {
        case tick, interrupted
    }

    /// Returns when all ranks have ended well; throws when one did not, and `ExitCode(130)` after Ctrl-C.
    func run() async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(4))
        let status = try await withThrowingTaskGroup(of: Void.self, returning: LaunchStatus.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                while !Task.isCancelled {
                    continuation.yield(.tick)
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                    continuation.yield(.interrupted)
                }
            }
            return try await follow(events)
        }
        if output.json { try Output.write(Output.text(of: status)) }
        switch status.state {
        case .finished: if !output.json { Output.note("launch \(status.id) is finished: \(status.detail)") }
        case .failed: throw CommandFailure("launch \(status.id) failed: \(status.detail)")
        case .cancelled: throw CommandFailure("launch \(status.id) was cancelled")
        case .waiting, .running: preconditionFailure("it was followed to its end")
        }
    }

    private func follow(_ events: AsyncStream<Event>) async throws -> LaunchStatus {
        var next = 0
        var detail = ""
        var lastAnswer = ContinuousClock.now
        for await event in events {
            switch event {
            case .tick:
                do {
                    let report = try await session.client.launchReport(launch, after: next)
                    lastAnswer = .now
                    next = report.next
                    if report.status.state == .waiting, report.status.detail != detail, !output.json {
                        Output.note(report.status.detail)
                    }
                    detail = report.status.detail
                    try show(report)
                    // An end comes behind all that the ranks printed.
                    if report.status.state.isFinal, report.lines.isEmpty { return report.status }
                } catch let error where Silence.is(error) && lastAnswer.duration(to: .now) < Self.longestSilence {
                    continue
                }
            case .interrupted:
                let status = try await session.client.cancelLaunch(launch)
                Output.note("launch \(status.id) is \(status.state.rawValue)")
                throw ExitCode(130)
            }
        }
        throw CancellationError()
    }

    private func show(_ report: LaunchReport) throws {
        if report.missed > 0 { Output.note(LaunchReport.leftOut(report.missed)) }
        guard !report.lines.isEmpty else { return }
        let text = report.lines.map { "[rank \($0.rank)] \($0.text)" }.joined(separator: "\n")
        if output.json { Output.note(text) } else { try Output.write(text) }
    }
}
