import JobProtocol
import ArgumentParser
import ClusterProtocol
import Wire

struct JobCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a job or a launch that waits or runs; a job's checkpoints stay.",
        discussion: "Example: martlet job cancel digits-1")

    @OptionGroup var job: JobArgument
    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        try await OperatorSession.with(cluster.folder()) { session in
            do {
                let status = try await session.client.cancel(job.id)
                let detail = status.state == .cancelled ? "" : ": \(status.detail)"
                try output.show(status, lines: ["job \(status.id) is \(status.state.rawValue)\(detail)"])
            } catch let unknown as Failure where unknown.code == .notFound {
                // Jobs and launches have their numbers in common, so what is no job may be a launch.
                guard let status = try await launch(session) else { throw unknown }
                try output.show(status, lines: ["launch \(status.id) is \(status.state.rawValue)"])
            }
        }
    }

    /// Cancels the launch of this name; nil if there is none.
    private func launch(_ session: OperatorSession) async throws -> LaunchStatus? {
        do {
            return try await session.client.cancelLaunch(job.id)
        } catch let failure as Failure where failure.code == .notFound {
            return nil
        }
    }
}
