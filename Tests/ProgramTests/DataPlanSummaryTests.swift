import Cluster
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
