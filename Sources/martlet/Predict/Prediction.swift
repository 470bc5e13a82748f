import Foundation

/// The gateway's answer, and how it is shown.
struct Prediction: Decodable {
    struct Output: Decodable {
        var name: String
        var datatype: String
        var shape: [Int]
        var data: [Value]
    }

    enum Value: Decodable, Equatable {
        case number(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        var text: String {
            switch self {
            case .number(let value): Figures.loss(value)
            case .text(let text): text
            }
        }
    }

    var modelName: String
    var modelVersion: String?
    var outputs: [Output]

    enum CodingKeys: String, CodingKey {
        case modelName = "model_name"
        case modelVersion = "model_version"
        case outputs
    }

    /// A line a row. Of `probabilities` the largest is shown, logits are not: --json has them all.
    func lines() -> [String] {
        let shown = outputs.filter { $0.name != "logits" && !$0.data.isEmpty }
        let rows = outputs.first?.shape.first ?? 0
        let columns = [TextTable.Column("ROW", .right)] + shown.map { .init($0.name.uppercased(), .right) }
        let cells = (0..<rows).map { row in [String(row)] + shown.map { Self.cell(of: $0, row: row, rows: rows) } }
        let version = modelVersion.map { ":\($0)" } ?? ""
        return ["\(modelName)\(version)"] + TextTable(columns: columns, rows: cells).lines()
    }

    private static func cell(of output: Output, row: Int, rows: Int) -> String {
        let width = output.data.count / rows
        let values = output.data[row * width..<(row + 1) * width]
        guard output.name == "probabilities" else { return values.map(\.text).joined(separator: " ") }
        let numbers = values.compactMap { value -> Double? in
            if case .number(let number) = value { number } else { nil }
        }
        return numbers.max().map(Figures.metric) ?? "-"
    }
}
