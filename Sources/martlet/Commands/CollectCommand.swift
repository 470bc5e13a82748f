import ArgumentParser
import JobProtocol
import Explanations

struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what nothing refers to from the coordinator's store, and make its database small.",
        discussion: """
            Example: martlet gc

            What is over and more than `coordinator.keep_jobs` goes as well. Versions stay until \
            `martlet model delete`; the caches of nodes keep below their limits by themselves.
            """)

    @OptionGroup var cluster: ClusterOption
    @OptionGroup var output: Output

    func run() async throws {
        let collection = try await OperatorSession.with(cluster.folder()) { try await $0.client.collect() }
        try output.show(collection, lines: collection.lines)
        if collection.stateProblem != nil || collection.gaps != nil { throw ExitCode.failure }
    }
}

extension GarbageCollected {
    var lines: [String] {
        let contents =
            skipped.map { "store     left alone: \($0)" }
            ?? "store     removed \(counted(self.contents, "content")), \(Figures.bytes(UInt64(max(0, contentBytes))))"
        func size(_ size: StateSize) -> String {
            Figures.bytes(UInt64(max(0, size.databaseBytes + size.logBytes)))
        }
        var lines = [contents]
        for obstacle in obstacles ?? [] { lines.append("          no content, left alone: \(obstacle)") }
        if let stateProblem {
            lines.append("state     not tidied up: \(stateProblem)")
            lines.append("          -> `martlet model delete` and `martlet gc` make room in the store")
        } else {
            let promotions = counted(pruned.promotions, "line")
            lines += [
                "state     removed \(counted(pruned.jobs, "job")), \(counted(pruned.traces, "trace")), \(promotions) of promotions",
                "database  \(size(before)) before, \(size(after)) now",
            ]
        }
        if let gaps {
            lines += gaps.map { "LACKS     \($0)" } + ["          -> \(ContentGap.remedy(gaps))"]
        }
        return lines
    }
}
