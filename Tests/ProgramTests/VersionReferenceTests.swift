import ClusterProtocol
import Testing

@testable import martlet

@Suite struct VersionReferenceTests {
    @Test func readsAllThreeForms() {
        #expect(VersionReference(argument: "digits") == VersionReference(name: "digits", selector: .all))
        #expect(VersionReference(argument: "digits:3") == VersionReference(name: "digits", selector: .version(3)))
        #expect(
            VersionReference(argument: "digits@canary") == VersionReference(name: "digits", selector: .alias("canary")))
        #expect(ExactVersion(argument: "digits:3") != nil)
    }

    @Test(arguments: [
        "", ":3", "digits:", "digits:x", "digits:0", "digits:-1", "digits:+1", "digits:01", "digits@", "@production",
    ])
    func refuses(_ text: String) {
        #expect(VersionReference(argument: text) == nil)
    }

    @Test(arguments: ["digits", "digits@production"]) func anExactVersionIsANumber(_ text: String) {
        #expect(ExactVersion(argument: text) == nil)
    }

    @Test func findsTheVersion() throws {
        let model = try Sample.model()
        func version(_ text: String) throws -> Int {
            try #require(VersionReference(argument: text)).version(in: model).version
        }
        #expect(try version("digits") == 2)
        #expect(try version("digits:1") == 1)
        #expect(try version("digits@production") == 2)
        #expect(throws: CommandFailure("model 'digits' has no alias 'canary'; it has: production=2")) {
            try version("digits@canary")
        }
        #expect(throws: CommandFailure("model 'digits' has no version 9; it has: 1, 2")) { try version("digits:9") }
    }

    @Test func theTablesNameAliasesAndGate() throws {
        let lines = ModelsView.versionLines(try Sample.model(), width: nil)
        #expect(lines[0] == "model digits")
        #expect(lines[3].contains("production=2") && lines[3].contains("2 ready"))
        #expect(lines[4].hasSuffix("failed: accuracy 0.9778, bound >= 0.97"))
    }
}
