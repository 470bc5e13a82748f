import Datasets
import Foundation

/// The body of an inference request in the Open Inference Protocol, made from a person's file.
struct PredictionRequest: Equatable {
    var body: [UInt8]

    /// JSON: a request of the protocol is sent as it is; a bare array becomes the model's one input, an element a row.
    init(json bytes: [UInt8], model: ModelMetadata, file: String) throws {
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
        } catch {
            throw CommandFailure("\(file) is not JSON: \(error)")
        }
        if let object = value as? [String: Any], object["inputs"] != nil {
            self.init(body: bytes)
            return
        }
        guard let rows = value as? [Any] else {
            throw CommandFailure(
                "\(file): expected an array of rows, or an object with 'inputs' as the Open Inference Protocol has it")
        }
        try self.init(values: Self.flattened(rows), model: model, file: file)
    }

    /// CSV with a header: a line a row, a column a feature, columns called `drop` left out.
    init(table: CSVTable, dropping drop: [String], model: ModelMetadata, file: String) throws {
        for name in drop where !table.header.contains(name) {
            throw CommandFailure(
                "\(file) has no column '\(name)' to drop; its columns are \(table.header.joined(separator: ", "))")
        }
        let kept = table.header.indices.filter { !drop.contains(table.header[$0]) }
        let input = try model.onlyInput()
        guard kept.count == input.valuesPerRow else {
            throw CommandFailure(
                "\(file): model '\(model.name)' takes \(input.valuesPerRow) columns, the file has \(kept.count); "
                    + "leave out what is no feature (the target, say) with --drop COLUMN")
        }
        let values: [Any] = try table.rows.flatMap { row in
            try kept.map { column in
                let cell = row.cells[column]
                if input.datatype == "BYTES" { return cell }
                guard let number = Double(cell.trimmingCharacters(in: .whitespaces)) else {
                    throw CommandFailure(
                        "\(file), line \(row.line), column '\(table.header[column])': expected a number, not '\(cell)'")
                }
                return number
            }
        }
        try self.init(values: values, model: model, file: file)
    }

    private init(body: [UInt8]) { self.body = body }

    private init(values: [Any], model: ModelMetadata, file: String) throws {
        let input = try model.onlyInput()
        guard !values.isEmpty, values.count.isMultiple(of: input.valuesPerRow) else {
            throw CommandFailure(
                "\(file) holds \(values.count) values; model '\(model.name)' takes \(input.valuesPerRow) for each row")
        }
        let tensor: [String: Any] = [
            "name": input.name, "datatype": input.datatype,
            "shape": [values.count / input.valuesPerRow] + input.shape.dropFirst(), "data": values,
        ]
        body = [UInt8](try JSONSerialization.data(withJSONObject: ["inputs": [tensor]], options: .sortedKeys))
    }

    private static func flattened(_ values: [Any]) -> [Any] {
        values.flatMap { value in (value as? [Any]).map(flattened) ?? [value] }
    }
}
