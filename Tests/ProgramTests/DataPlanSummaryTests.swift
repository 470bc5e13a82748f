import Datasets
import Digests
import Foundation
import Testing
import Training

@testable import martlet

/// `martlet dataset check`.
@Suite struct DataPlanSummaryTests {
    private func summary(
        _ data: String, _ files: [String: String], input: Int, classes: Int, model: String = "family: mlp, hidden: [4]"
    ) throws -> DataPlanSummary {
        let folder = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        let file = folder.appending(path: "job.yaml")
        try Data(
            """
            name: check
            model: { \(model), input: \(input), classes: \(classes) }
            data: \(data)
            train: { optimizer: adam, batch_size: 4, epochs: 1 }
            """.utf8
        ).write(to: file)
        return DataPlanSummary(try DatasetPlanner(of: JobFile.load(file)).plan { ContentDigest(of: $0) })
    }

    @Test func leaksAreTold() throws {
        let rows = (0..<16).map { "\($0),\($0 % 2)" } + ["3,1", "3,1"]
        let found = try summary(
            "{ path: a.csv, target: y, split: { train: 0.8, test: 0.2, order: file } }",
            ["a.csv": "x,y\n" + rows.joined(separator: "\n")], input: 1, classes: 2)
        #expect(
            found.lines().dropFirst() == [
                "training    14", "test        4", "inputs      1", "targets     1 of 2 classes",
                "note        2 rows of the validation and test parts are in the training part too: "
                    + "line 18 is line 5 again; line 19 is line 5 again",
            ])
    }

    /// What the model and the data do not agree on is told at the key that says it.
    @Test func problemsHaveTheKeysThatMendThem() throws {
        func keys(_ data: String, _ file: (String, String), input: Int, classes: Int, model: String) -> [[String]] {
            let report = #expect(throws: DatasetReport.self) {
                _ = try summary(data, [file.0: file.1], input: input, classes: classes, model: model)
            }
            return report?.problems.map(\.key) ?? []
        }
        let text = String(repeating: "all work and no play makes a dull text. ", count: 50)
        #expect(
            keys(
                "{ path: a.txt, format: text, split: { train: 0.8, test: 0.2 }, text: { positions: 8 } }",
                ("a.txt", text), input: 8, classes: 100,
                model: "family: gpt, vocabulary: 100, width: 8, heads: 2, layers: 1") == [["model", "vocabulary"]])
        let pairs = (0..<20).map { "{\"a\": \"x\($0)\", \"b\": \"y\($0)\"}\n" }.joined()
        let heads: [(classes: Int, before: [[String]])] = [(300, []), (100, [["model", "classes"]])]
        for (classes, before) in heads {
            #expect(
                keys(
                    "{ path: a.jsonl, format: jsonl, text: { source: a, target: b, positions: 4 } }",
                    ("a.jsonl", pairs), input: 8, classes: classes,
                    model: "family: transformer, source: 4, vocabulary: 100, width: 8, heads: 2, layers: 1")
                    == before + [["model", "vocabulary"]])
        }
        #expect(
            keys(
                "{ path: a.csv, target: [y, z] }", ("a.csv", "x,y,z\n1,2,3\n"), input: 1, classes: 2,
                model: "family: mlp, hidden: [4]") == [["data", "target"]])
        #expect(
            keys(
                "{ path: a.csv, target: text, text: { positions: 4 } }", ("a.csv", "text\nab\ncd\n"), input: 4,
                classes: 2, model: "family: mlp, hidden: [4]"
            )
            .contains(["data", "target"]))
    }

    /// Numbers that are token ids are looked at in all parts of the data, before anything is scheduled.
    @Test func idsHaveAPlaceInTheVocabulary() throws {
        let networks = [
            ("family: gru, vocabulary: 10, width: 4", ["model", "vocabulary"]),
            (
                "family: sequential, layers: [embedding: { vocabulary: 10, width: 4 }, mean_positions, linear: 2]",
                ["model", "layers"]
            ),
        ]
        let data = "path: a.csv, target: y, split: { train: 0.5, test: 0.5, order: file }"
        func report(_ rows: String, _ model: String, more: String = "") -> DatasetReport? {
            let report = #expect(throws: DatasetReport.self) {
                _ = try summary(
                    "{ \(data)\(more) }", ["a.csv": "a,b,y\n" + rows], input: 2, classes: 2, model: model)
            }
            return report
        }
        for (model, key) in networks {
            let found = report("0,1,p\n9,-1,q\n1,2,p\n1,0,q\n1,2.5,p\n3,10,q\n-2,3,p\n4,5,q\n", model)
            let expected =
                "is no token id: expected a whole number from 0 to 9, as the model's vocabulary is 10, or -1 for padding"
            #expect(
                found?.problems.map(\.description) == [
                    "line 6, column 'b': '2.5' \(expected)", "line 7, column 'b': '10' \(expected)",
                    "line 8, column 'a': '-2' \(expected)",
                ])
            #expect(found?.problems.map(\.key) == [[], key, []])
            let filled = report(
                "0,1,p\n9,2,q\n1,,p\n1,2,q\n1,2,p\n3,1,q\n2,3,p\n4,5,q\n", model,
                more: ", clean: { columns: { b: mean } }")
            #expect(filled?.problems.map(\.key) == [["data", "clean", "columns", "b"]])
        }
    }

    @Test func textHasAVocabulary() throws {
        let text = String(repeating: "all work and no play makes a dull text. ", count: 50)
        let found = try summary(
            "{ path: a.txt, format: text, split: { train: 0.8, test: 0.2 }, text: { positions: 8 } }",
            ["a.txt": text], input: 8, classes: 256,
            model: "family: gpt, vocabulary: 256, width: 8, heads: 2, layers: 1")
        #expect(found.lines().contains("inputs      8, ids below 256") && found.lines().contains("targets     8"))
        #expect(found.notes.isEmpty && found.classes.isEmpty)
    }
}
