import Foundation

/// The handwritten digits that the examples learn from.
enum Digits {
    static let job = Command.repository.appending(path: "examples/digits-cnn/job.yaml").path

    /// Rows of the data file: 64 pixels and the digit each.
    static func rows(_ count: Int) throws -> [(pixels: [String], label: String)] {
        let folder = Command.repository.appending(path: "examples")
        let file = try FileManager.default.subpathsOfDirectory(atPath: folder.path).first { $0.hasSuffix("digits.csv") }
        let text = try String(contentsOf: folder.appending(path: file ?? "digits.csv"), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).dropFirst().prefix(count).map { line in
            let cells = line.split(separator: ",").map(String.init)
            return (Array(cells.prefix(64)), cells[64])
        }
    }

    /// An Open Inference request for one row.
    static func request(_ pixels: [String]) -> String {
        """
        {"inputs":[{"name":"input","shape":[1,1,8,8],"datatype":"FP32","data":[\(pixels.joined(separator: ","))]}]}
        """
    }
}
