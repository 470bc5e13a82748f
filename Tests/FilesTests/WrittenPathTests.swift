import Foundation
import Testing

@testable import Files

@Suite struct WrittenPathTests {
    private func path(_ text: String) -> String {
        URL(
            written: text, in: URL(filePath: "/jobs/one", directoryHint: .isDirectory),
            home: URL(filePath: "/homes/ada", directoryHint: .isDirectory)
        ).path(percentEncoded: false)
    }

    @Test func theHomeIsThatOfTheShell() {
        #expect(path("~/data.csv") == "/homes/ada/data.csv")
        #expect(path("~/a/../b.csv") == "/homes/ada/b.csv")
        #expect(path("~").hasPrefix("/homes/ada"))
    }

    @Test func othersAreRelativeToTheFile() {
        #expect(path("data.csv") == "/jobs/one/data.csv")
        #expect(path("../data.csv") == "/jobs/data.csv")
        #expect(path("/data.csv") == "/data.csv")
        #expect(path("a b%20ä.csv") == "/jobs/one/a b%20ä.csv")
        for name in ["./~/x", "~ada/x", "x~/y"] {
            #expect(path(name) == "/jobs/one/\(name.replacing("./", with: ""))")
        }
    }

    @Test(arguments: [
        ("~/data.csv", "/homes/ada/data.csv"), ("~", "/homes/ada/"), ("~/", "/homes/ada/"), ("data.csv", "data.csv"),
        ("/data.csv", "/data.csv"), ("-", "-"), ("", ""), ("./~/x", "./~/x"), ("~ada/x", "./~ada/x"), ("x~/y", "x~/y"),
    ])
    func aPathOfACommandLine(_ written: String, _ opened: String) {
        let home = URL(filePath: "/homes/ada", directoryHint: .isDirectory)
        #expect(HomeFolder.expand(written, below: home) == opened)
        #expect(HomeFolder.expand("~/x", below: URL(filePath: "/")) == "/x")
    }

    @Test func theHomeIsWhatItsVariableSays() {
        #expect(HomeFolder.of(environment: ["HOME": "/somewhere/else"]).path == "/somewhere/else")
        let users = FileManager.default.homeDirectoryForCurrentUser
        #expect(HomeFolder.of(environment: [:]) == users)
        #expect(HomeFolder.of(environment: ["HOME": ""]) == users)
        #expect(HomeFolder.of(environment: ["HOME": "relative"]) == users)
    }
}
