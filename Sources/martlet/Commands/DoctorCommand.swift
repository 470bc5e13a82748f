import ArgumentParser
import Cluster
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what is wrong with this machine or its cluster, and say how to mend it.",
        discussion: """
            Example: martlet doctor -f cluster/local.yaml

            Ends with 1 if something is broken; warnings do not count.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let file = try cluster.namedFile() ?? CurrentCluster().folder?.recordedFile()
        let here = URL(filePath: FileManager.default.currentDirectoryPath)
        var findings = await MachineChecks.findings(dataFolder: file?.data ?? here)
        findings += LibraryChecks.findings()
        if let file { findings += ClusterChecks.findings(file) }
        try output.show(findings, lines: Finding.lines(findings))
        if findings.contains(where: { $0.state == .broken }) { throw ExitCode.failure }
    }
}
