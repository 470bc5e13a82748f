import ArgumentParser
import Foundation
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
