import Datasets
import Foundation

/// A file of rows for `martlet predict`, in the format that its name says.
struct PredictionFile {
    /// Without a leading dot. Those of rows may be gzipped.
    private static let rowExtensions = ["csv", "json", "jsonl", "ndjson", "txt"]
    private static let pictureExtensions = ["png", "jpg", "jpeg"]
    static let extensions = rowExtensions + pictureExtensions

    /// For messages.
    static var endings: String {
        func list(_ names: [String]) -> String { names.map { ".\($0)" }.joined(separator: ", ") }
        return "\(list(rowExtensions)), each with .gz behind it or not, or \(list(pictureExtensions))"
    }

    enum Format: Equatable {
        case rows(RawRowFile.Format)
        case picture
    }

    let path: String
    let format: Format

    /// Nil where the name says no format.
    init?(_ path: String) {
        var name = URL(filePath: path).lastPathComponent.lowercased()
        let isGzipped = name.hasSuffix(".gz")
        if isGzipped { name.removeLast(3) }
        switch name.split(separator: ".").last {
        case "csv": format = .rows(.csv)
        case "json": format = .rows(.json)
        case "jsonl", "ndjson": format = .rows(.jsonl)
        case "txt": format = .rows(.text)
        case "png" where !isGzipped, "jpg" where !isGzipped, "jpeg" where !isGzipped: format = .picture
        default: return nil
        }
        self.path = path
    }

    /// The requests that ask about all rows but the first `skipped`, each of at most `rows` of them and checked as far as
    /// that can be done without the model.
    ///
    /// - Parameter lacking: called with what the model reads and no row has, not even as null.
    func requests(
        for model: ModelMetadata, dropping dropped: [String] = [], rows: Int = PredictionRequest.maximumRows,
        skipping skipped: Int = 0, lacking: ([String]) -> Void = { _ in }
    ) throws -> [PredictionRequest] {
        guard case .rows(let format) = format else { return [try PredictionRequest(pictureFile: path, model: model)] }
        let file = RawRowFile(URL(filePath: path), format: format, name: path)
        if format == .json, let whole = try wholeRequest(file) { return [whole] }
        let input = try model.onlyInput()
        if format == .text, !input.takesTexts {
            throw CommandFailure("\(path): model '\(model.name)' does not read text but \(input.described)")
        }
        var requests = PredictionRequests(input: input, file: path, rows: rows, skipping: skipped)
        // Rows that become no window are answered one by one, in whichever order they are.
        let order = input.window > 1 ? input.parameters?.order : nil
        try file.forEachRow(
            columns: input.columns, optional: model.optionalColumns, width: input.valuesPerRow, dropping: dropped,
            order: order
        ) {
            try requests.add($0)
        } unordered: {
            Output.note(
                "\(path) has no '\(order ?? "")', by which the rows that the model learned from are put in order: its "
                    + "rows are taken in the order in which they stand")
        } lacking: {
            lacking($0)
        }
        return try requests.finish()
    }

    /// A request of the protocol is sent as it is; an object without `inputs` is a row.
    private func wholeRequest(_ file: RawRowFile) throws -> PredictionRequest? {
        var bytes = try file.contents()
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard Self.firstSign(of: bytes[...]) == UInt8(ascii: "{") else { return nil }
        let isNamed = bytes.ranges(of: Array("\"inputs\"".utf8)).contains { name in
            Self.firstSign(of: bytes[name.upperBound...]) == UInt8(ascii: ":")
        }
        return isNamed ? PredictionRequest(body: bytes, places: []) : nil
    }

    /// Behind blanks.
    private static func firstSign(of json: ArraySlice<UInt8>) -> UInt8? {
        json.first { ![9, 10, 13, 32].contains($0) }
    }
}
