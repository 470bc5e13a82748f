import ArgumentParser
import LocalCluster
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what is wrong with this machine or its cluster, and say how to mend it.",
        discussion: """
            Example: martlet doctor -f cluster/local.yaml

            Ends with 1 if something is broken, such as a process of the cluster that ended and that no supervisor starts \
            again; warnings do not count.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let current = CurrentCluster().folder
        let file =
            try cluster.namedFile() ?? current?.recordedFile()
            ?? current?.originPath.map { try ClusterFile(contentsOf: URL(filePath: $0)) }
        let here = URL(filePath: FileManager.default.currentDirectoryPath)
        var findings = await MachineChecks.findings(dataFolder: file?.data ?? here)
        findings += LibraryChecks.findings()
        findings +=
            file.map(ClusterChecks.findings)
            ?? [.ok("cluster", "none was looked at, as none was named and none is the current one: -f FILE names one")]
        try output.show(findings, lines: Finding.lines(findings))
        if findings.contains(where: { $0.state == .broken }) { throw ExitCode.failure }
    }
}
