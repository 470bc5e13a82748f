import Datasets
import Explanations
import Foundation

/// The body of an inference request in the Open Inference Protocol, made from a person's file.
struct PredictionRequest: Equatable {
    var body: [UInt8]

    /// JSON: a request of the protocol is sent as it is; a bare array becomes the model's one input, an element a row:
    /// its values in their order, or an object with the values by name.
    init(json bytes: [UInt8], model: ModelMetadata, file: String) throws {
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
        } catch {
            throw CommandFailure("\(file) is not JSON: \(error.explanation)")
        }
        if let object = value as? [String: Any], object["inputs"] != nil {
            self.init(body: bytes)
            return
        }
        guard let rows = value as? [Any] else {
            throw CommandFailure(
                "\(file): expected an array of rows, or an object with 'inputs' as the Open Inference Protocol has it")
        }
        let objects = rows.compactMap { $0 as? [String: Any] }
        guard objects.count == rows.count, !rows.isEmpty else {
            try self.init(values: Self.flattened(rows), model: model, file: file)
            return
        }
        guard let columns = try model.onlyInput().columns else {
            throw CommandFailure(
                "\(file): the values of model '\(model.name)' have no names; give each row as an array")
        }
        let values = try objects.enumerated().flatMap { index, row in
            try columns.map { name in
                guard let value = row[name] else {
                    throw CommandFailure("\(file), row \(index + 1) lacks '\(name)', which model '\(model.name)' reads")
                }
                return value
            }
        }
        try self.init(values: values, model: model, file: file)
    }

    /// CSV with a header, a line a row. Where the model names what it reads, columns are found by these names and others
    /// are passed over; else a column is a feature, and those called `drop` are left out.
    init(table: CSVTable, dropping drop: [String], model: ModelMetadata, file: String) throws {
        for name in drop where !table.header.contains(name) {
            throw CommandFailure(
                "\(file) has no column '\(name)' to drop; its columns are \(table.header.joined(separator: ", "))")
        }
        let input = try model.onlyInput()
        let kept = try Self.columns(of: table, dropping: drop, input: input, model: model, file: file)
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

    /// Plain text, a line a row, for a model that reads one text. Empty lines do not count.
    init(text: String, model: ModelMetadata, file: String) throws {
        let input = try model.onlyInput()
        guard input.datatype == "BYTES", let columns = input.columns, (1...2).contains(columns.count) else {
            throw CommandFailure("\(file): model '\(model.name)' does not read text; give a .csv or .json file")
        }
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        // Behind the source of a translation comes what it begins with: nothing.
        try self.init(
            values: lines.flatMap { [$0] + columns.dropFirst().map { _ in "" } }, model: model, file: file)
    }

    /// Indices of the columns that the model reads, in its order.
    private static func columns(
        of table: CSVTable, dropping drop: [String], input: ModelMetadata.Tensor, model: ModelMetadata, file: String
    ) throws -> [Int] {
        let header = table.header
        if let names = input.columns {
            return try names.map { name in
                guard let column = header.firstIndex(of: name), !drop.contains(name) else {
                    throw CommandFailure(
                        "\(file) has no column '\(name)', which model '\(model.name)' reads; its columns are "
                            + header.joined(separator: ", "))
                }
                return column
            }
        }
        let kept = header.indices.filter { !drop.contains(header[$0]) }
        guard kept.count == input.valuesPerRow else {
            throw CommandFailure(
                "\(file): model '\(model.name)' takes \(input.valuesPerRow) columns, the file has \(kept.count); "
                    + "leave out what is no feature (the target, say) with --drop COLUMN")
        }
        return kept
    }

    private init(body: [UInt8]) { self.body = body }

    init(values: [Any], model: ModelMetadata, file: String) throws {
        let input = try model.onlyInput()
        guard !values.isEmpty, values.count.isMultiple(of: input.valuesPerRow) else {
            throw CommandFailure(
                "\(file) holds \(values.count) values; model '\(model.name)' takes \(input.valuesPerRow) for each row")
        }
        // What is missing in a row of texts is written as an empty one.
        let data = input.datatype == "BYTES" ? values.map { $0 is NSNull ? "" : $0 } : values
        let tensor: [String: Any] = [
            "name": input.name, "datatype": input.datatype,
            "shape": [values.count / input.valuesPerRow] + input.shape.dropFirst(), "data": data,
        ]
        body = [UInt8](try JSONSerialization.data(withJSONObject: ["inputs": [tensor]], options: .sortedKeys))
    }

    private static func flattened(_ values: [Any]) -> [Any] {
        values.flatMap { value in (value as? [Any]).map(flattened) ?? [value] }
    }
}
