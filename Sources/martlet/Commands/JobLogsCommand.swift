import LocalCluster
import ArgumentParser
import Files
import Foundation

struct JobLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print what the nodes of this machine logged about a job, in order of time.",
        discussion: "Example: martlet job logs digits-1")

    /// Of one log: several times what it is rotated at.
    private static let byteLimit = 256 << 20

    @OptionGroup var job: JobArgument
    @OptionGroup var cluster: ClusterOption

    func run() async throws {
        let folder = try cluster.folder()
        let names = try folder.logNames()
        var found: [String] = []
        for name in names where name.hasSuffix(".log") {
            let data = try SmallFile.read(folder.logs.appending(path: name).path, limit: Self.byteLimit)
            found += String(decoding: data, as: UTF8.self).split(separator: "\n")
                .filter { Logfmt.line(String($0), has: "job", of: job.id) }.map(String.init)
        }
        guard !found.isEmpty else {
            throw CommandFailure("no node has logged anything about a job '\(job.id)' in \(folder.logs.path)")
        }
        // Every line begins with its time, so the order of the text is the order of time.
        try Output.write(found.sorted().joined(separator: "\n"))
    }
}
