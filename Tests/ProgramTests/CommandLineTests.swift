import ArgumentParser
import JobProtocol
import LocalCluster
import Foundation
import StrictYAML
import Testing

@testable import martlet

@Suite struct CommandLineTests {
    private static func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap(all)
    }

    @Test func everyCommandExplainsItselfWithAnExample() {
        for command in Self.all(Martlet.self) {
            let configuration = command.configuration
            #expect(!configuration.abstract.isEmpty, "\(command)")
            #expect(configuration.discussion.contains("martlet "), "\(command)")
        }
    }

    @Test func readsWhatTheDocumentationShows() throws {
        let train = try #require(
            Martlet.parseAsRoot([
                "train", "job.yaml", "--workers", "4", "--set", "train.epochs=5", "--set", "a=b=c", "--detach",
            ]) as? TrainCommand)
        #expect(train.workers == 4)
        #expect(train.settings == ["train.epochs=5", "a=b=c"])
        #expect(train.detach)
        let launch = try #require(
            Martlet.parseAsRoot(["launch", "--workers", "2", "--", "./my-trainer", "--epochs", "5"]) as? LaunchCommand)
        #expect(launch.workers == 2)
        #expect(launch.command == ["./my-trainer", "--epochs", "5"])
        let promote = try #require(Martlet.parseAsRoot(["promote", "digits:2"]) as? PromoteCommand)
        #expect(promote.alias == "production")
        #expect(promote.version == ExactVersion(argument: "digits:2"))
    }

    /// Refused by what they are, not taken for options.
    @Test(arguments: [
        (["generate", "a", "--prompt", "x", "--temperature", "-1"], "--temperature must be at least 0, not -1"),
        (["generate", "a", "--prompt", "x", "--top-k", "-1"], "--top-k must be at least 1, not -1"),
        (["cluster", "up", "--timeout", "-1"], "--timeout must be from 1 to 86400, not -1"),
        (["cluster", "down", "--grace", "-1"], "--grace must be from 0 to 86400, not -1"),
        (["launch", "--workers", "-1", "--", "./a"], "--workers is -1, expected at least 1"),
    ])
    func numbersMayBeNegativeUntilTheyAreRefused(_ arguments: [String], _ words: String) {
        let error = #expect(throws: (any Error).self) { try Martlet.parseAsRoot(arguments) }
        let text = error.map { Martlet.fullMessage(for: $0) } ?? ""
        #expect(text.contains(words) && !text.contains("Missing value"), "\(text)")
    }

    /// None of them may end in a sum that no integer holds, or in memory that no machine has.
    @Test(arguments: [
        (["bench", "allreduce"], "--repetitions"), (["bench", "allreduce"], "--ranks"),
        (["bench", "allreduce"], "--segment-bytes"), (["bench", "allreduce"], "--spin"),
        (["bench", "allreduce"], "--yield"), (["bench", "train", "mlp"], "--workers"),
        (["bench", "train", "mlp"], "--threads"), (["bench", "train", "mlp"], "--seconds"),
        (["bench", "serve"], "--connections"), (["bench", "serve"], "--nodes"), (["bench", "serve"], "--seconds"),
        (["cluster", "up"], "--timeout"), (["cluster", "down"], "--grace"),
    ])
    func numbersAreBounded(_ command: [String], _ option: String) {
        let error = #expect(throws: (any Error).self) {
            try Martlet.parseAsRoot(command + [option, "9223372036854775807"])
        }
        let text = error.map { Martlet.fullMessage(for: $0) } ?? ""
        #expect(text.contains("\(option) must be from "), "\(text)")
    }

    @Test(arguments: [
        (["promote", "digits:01"], "expected NAME:VERSION, where VERSION is a number such as 7"),
        (["model", "show", "digits:01"], "expected NAME, NAME:VERSION or NAME@ALIAS"),
        (["rollback", "digits@7"], "for version 7 use martlet promote digits:7"),
        (["rollback", "digits", "--alias", "a b"], "the alias is 'a b', expected 1 to 64 letters"),
    ])
    func whatIsNoNameOfAVersionIsToldTheForm(_ arguments: [String], _ words: String) {
        let error = #expect(throws: (any Error).self) { try Martlet.parseAsRoot(arguments) }
        let text = error.map { Martlet.fullMessage(for: $0) } ?? ""
        #expect(text.contains(words), "\(text)")
    }

    @Test func aPromptMayBeginLikeAnOption() throws {
        let command = try #require(
            Martlet.parseAsRoot(["generate", "a", "--prompt", "- one"]) as? GenerateCommand)
        #expect(command.prompt == "- one")
    }

    @Test(arguments: [
        ["promote", "digits"], ["promote", "digits:1", "--force"], ["promote", "digits:1", "--force", "--reason", " "],
        ["promote", "digits:1", "--reason", "x"], ["promote", "digits:1", "--to", "7"],
        ["promote", "digits:1", "--to", ""], ["rollback", "digits:2"], ["rollback", "digits@a", "--alias", "b"],
        ["predict", "digits", "--input", "rows.xml"], ["predict", "digits", "--input", "rows.json", "--drop", "a"],
        ["predict", "digits@", "--input", "rows.json"], ["cluster", "up", "--timeout", "0"],
        ["model", "delete", "digits@production"], ["alias", "delete", "digits"], ["alias", "delete", "digits:2"],
        ["cluster", "backup"], ["cluster", "restore"], ["job", "delete"],
        ["launch", "--workers", "2"], ["launch", "--workers", "0", "--", "./my-trainer"],
        ["launch", "--", "./my-trainer"],
        ["no-such-command"],
    ])
    func refuses(_ arguments: [String]) {
        #expect(throws: (any Error).self) {
            _ = try Martlet.parseAsRoot(arguments)
        }
    }

    @Test(
        arguments: [
            (["clutser"], "there is no command 'martlet clutser': did you mean 'martlet cluster'?"),
            (["job", "shwo", "x"], "there is no command 'martlet job shwo': did you mean 'martlet job show'?"),
            (["satus", "--json"], "there is no command 'martlet satus': did you mean 'martlet status'?"),
            (
                ["alias", "frobnicate"],
                "there is no command 'martlet alias frobnicate': expected one of delete"
            ),
            (["job", "show", "shwo"], nil), (["--json", "satus"], nil), (["help", "satus"], nil), ([], nil),
        ] as [([String], String?)])
    func aMisspeltCommandIsNamed(_ arguments: [String], _ words: String?) {
        let unknown = UnknownCommand.find(in: arguments[...], below: Martlet.self, called: "martlet")
        #expect(unknown?.description == words)
    }

    @Test func aClusterFileOfTheEnvironmentIsNamedByItsVariable() throws {
        let environment = [ClusterOption.variable: "/no/such.yaml"]
        let error = #expect(throws: CommandFailure.self) {
            try ClusterOption.parse([]).namedFile(environment: environment)
        }
        #expect(
            error?.description == "the variable MARTLET_CLUSTER names the cluster file: /no/such.yaml:1:1: the file "
                + "cannot be read: No such file or directory")
        let other = #expect(throws: YAMLError.self) {
            try ClusterOption.parse(["-f", "/other.yaml"]).namedFile(environment: environment)
        }
        #expect(other?.file == "/other.yaml")
    }

    /// In quotes, or behind `=`, where no shell looks at it.
    @Test func everyPathMayBeginWithTheHome() throws {
        let paths: [String?] = [
            try TrainCommand.parse(["~/x.csv"]).jobFile, try DatasetCheckCommand.parse(["~/x.csv"]).jobFile,
            try DatasetCheckCommand.parse(["job.yaml", "--tokenizer", "~/x.csv"]).tokenizer,
            try DatasetProfileCommand.parse(["~/x.csv"]).file,
            try DatasetProfileCommand.parse(["a.csv", "--html=~/x.csv"]).html,
            try ReportCommand.parse(["a-1", "--output", "~/x.csv"]).output,
            try JobTraceCommand.parse(["a-1", "-o", "~/x.csv"]).output,
            try JobCompareCommand.parse(["a-1", "a-2", "--html=~/x.csv"]).html,
            try ModelExportCommand.parse(["a", "-o", "~/x.csv"]).output,
            try PredictCommand.parse(["a", "--input", "~/x.csv"]).input,
            try PredictCommand.parse(["a", "--input", "a.csv", "--api-key-file", "~/x.csv"]).keyFile,
            try ClusterBackupCommand.parse(["~/x.csv"]).target, try ClusterRestoreCommand.parse(["~/x.csv"]).backup,
            try ConfigurationOption.parse(["--config", "~/x.csv"]).path,
            try SupervisorCommand.parse(["--data", "~/x.csv"]).data,
        ]
        let home = CurrentCluster().pointer.deletingLastPathComponent().deletingLastPathComponent()
        let expected = home.appending(path: "x.csv").path
        #expect(paths == paths.map { _ in expected })
        #expect(URL(argument: "~/x.csv").path == expected)
        #expect(URL(argument: "~root/x.csv").path.hasSuffix("/~root/x.csv"))
    }

    /// What a command says to do next names the cluster as it was named to it.
    @Test func theNextCommandNamesTheSameCluster() throws {
        let folder = ClusterFolder(root: URL(filePath: "/nowhere"))
        let environment = [ClusterOption.variable: "/lab/cluster.yaml"]
        #expect(try ClusterOption.parse(["-f", "a.yaml"]).text(for: folder, environment: environment) == "-f a.yaml")
        #expect(try ClusterOption.parse([]).text(for: folder, environment: environment) == "-f /lab/cluster.yaml")
        #expect(try ClusterOption.parse([]).text(for: folder, environment: [:]) == "-f FILE")
        #expect(try ClusterOption.parse(["-f", "-"]).text(for: folder, environment: [:]) == "-f FILE")
    }

    @Test func aPromotionThatChangesNothingSaysSo() {
        var promotion = PromotionOutcome(
            name: "digits", alias: "production", version: 2, previous: 1, replicas: ["inference-0"], routingEpoch: 3)
        #expect(promotion.line == "digits:2 answers as digits@production in place of digits:1, on inference-0")
        promotion.unchanged = true
        #expect(
            promotion.line == "digits:2 answered as digits@production before: nothing was changed; it is on inference-0"
        )
    }

    /// How long it takes until a process that keeps ending is started again is no moment.
    @Test func whenANodeIsStartedAgainIsSaidInSeconds() throws {
        let process = try #require(ProcessRecord(of: getpid()))
        let now = Date()
        func words(_ next: Date?) -> String {
            CommandFailure(
                .restarting(process, nextTry: next), of: "gateway-0", called: "the gateway",
                in: ClusterFolder(root: URL(filePath: "/nowhere")), now: now
            ).description
        }
        #expect(words(now + 29.5).contains("has ended and is started again in 30 s: try again then; "))
        #expect(words(now).contains("has ended and is being started again: try again in a moment; "))
        #expect(words(nil) == words(now))
        #expect(words(Date(timeIntervalSince1970: 1e300)) == words(nil))
    }

    @Test(
        arguments: [
            (["digits"], "production"), (["digits@canary"], "canary"), (["digits", "--alias", "canary"], "canary"),
            (["digits@canary", "--alias", "canary"], "canary"),
        ] as [([String], String)])
    func whichAliasIsRolledBack(_ arguments: [String], _ alias: String) throws {
        #expect(try RollbackCommand.parse(arguments).alias() == alias)
    }

    @Test(
        arguments: [("c", .cancel), ("L", .leave), ("\u{3}", .leave), ("g", .goOn), ("\n", .goOn)]
            as [(Character, InterruptQuestion.Answer)])
    func theAnswerToCtrlC(_ key: Character, _ answer: InterruptQuestion.Answer) throws {
        #expect(InterruptQuestion.answer(to: try #require(key.asciiValue)) == answer)
        #expect(InterruptQuestion.answer(to: UInt8(ascii: "x")) == nil)
    }
}
