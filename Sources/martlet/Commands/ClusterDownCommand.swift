import LocalCluster
import ArgumentParser
import ClusterProtocol
import Foundation

struct ClusterDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "End all processes of a cluster; keys, models and logs stay.",
        discussion: """
            Example: martlet cluster down -f cluster/local.yaml

            Each process is asked first and finishes what it has begun; one that has not ended after the grace time \
            is killed. Jobs that run go on from their last checkpoint after the next `up`.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    @Option(parsing: .unconditional, help: "Seconds that a process may take to end by itself.")
    var grace = Int(ShutdownTiming.process.components.seconds)

    func validate() throws {
        try OptionBounds.check(grace, of: "--grace", in: 0...Int(OptionBounds.day))
    }

    func run() async throws {
        let folder = try cluster.folder()
        let stopped = try await folder.takeDown(grace: .seconds(grace))
        CurrentCluster().forgetIfStopped()
        let text =
            stopped.isEmpty
            ? "nothing to do: no process of the cluster in \(folder.root.path) runs"
            : "stopped \(stopped.joined(separator: ", "))"
        try output.show(["stopped": stopped], lines: [text])
    }
}
