import Foundation
import Training

/// A job file in a temporary folder of its own.
final class JobFolder {
    let url: URL

    init(_ text: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "job-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        url = folder.appending(path: "job.yaml")
        try Data(text.utf8).write(to: url)
    }

    deinit {
        try? FileManager.default.removeItem(at: url.deletingLastPathComponent())
    }

    func load(overrides: [String] = [], workers: Int? = nil) throws -> JobSpecification {
        try JobFile.load(url, overrides: overrides, workers: workers)
    }

    /// What is wrong, each problem from the line on, without the file's path.
    func problems(overrides: [String] = [], workers: Int? = nil) -> [String] {
        do {
            _ = try JobFile.load(url, overrides: overrides, workers: workers)
            return []
        } catch {
            let path = url.path(percentEncoded: false) + ":"
            return error.description.split(separator: "\n").map { String($0.replacing(path, with: "")) }
        }
    }
}

/// A complete job file with one section exchanged.
func jobText(
    name: String = "digits", model: String = "{ family: mlp, input: 64, classes: 10, hidden: [32] }",
    data: String = "{ path: digits.csv, target: label }",
    train: String = "{ optimizer: adam, batch_size: 64, epochs: 5 }", evaluate: String? = nil
) -> String {
    """
    name: \(name)
    model: \(model)
    data: \(data)
    train: \(train)
    \(evaluate.map { "evaluate: \($0)" } ?? "")
    """
}
