import Foundation
import Testing

/// docs/walks.md leads through files and functions that are there.
@Suite struct WalkTests {
    /// A line of a walk: - `Module/File.swift`: `function`, `function` — what happens.
    private struct Stop {
        var file: String
        var functions: [String]

        init?(_ line: Substring) throws {
            guard line.hasPrefix("- `"), let words = line.split(separator: " — ", maxSplits: 1).first else {
                return nil
            }
            let names = words.split(separator: "`").filter { $0.contains(where: \.isLetter) }.map(String.init)
            let file = try #require(names.first { $0.hasSuffix(".swift") }, "\(line) does not begin with a file")
            self.file = file
            functions = names.filter { $0 != file }
        }
    }

    @Test func everyStopIsThere() throws {
        let root = Repository.root
        let text = try String(contentsOf: root.appending(path: "docs/walks.md"), encoding: .utf8)
        let stops = try text.split(separator: "\n").compactMap { try Stop($0) }
        #expect(stops.count > 60)
        for stop in stops {
            let file = root.appending(path: "Sources/\(stop.file)")
            guard let source = try? String(contentsOf: file, encoding: .utf8) else {
                Issue.record("docs/walks.md: there is no file \(stop.file)")
                continue
            }
            #expect(!stop.functions.isEmpty, "docs/walks.md names no function of \(stop.file)")
            for function in stop.functions {
                let openings = (function == "init" ? ["init", "init?"] : ["func \(function)"]).flatMap {
                    [$0 + "(", $0 + "<"]
                }
                #expect(
                    openings.contains { source.contains($0) },
                    "docs/walks.md: \(stop.file) has no function \(function)")
            }
        }
    }
}
