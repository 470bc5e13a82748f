import Foundation
import Explanations
import NeuralNetworks

/// The gateway's answer, and how it is shown.
struct Prediction: Codable, Equatable {
    struct Output: Codable, Equatable {
        var name: String
        var datatype: String
        var shape: [Int]
        var data: [Value]

        /// Of an output without values.
        private static let mostEmptyRows = 1 << 20

        /// Whether the shape is one of as many values as there are.
        var isSound: Bool {
            let sides = 0...max(data.count, Self.mostEmptyRows)
            var count = 1
            for side in shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: side)
                guard sides.contains(side), !overflow else { return false }
                count = product
            }
            return count == data.count
        }
    }

    enum Value: Codable, Equatable {
        case number(Double)
        case text(String)
        case none

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .none
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let value): try container.encode(value)
            case .text(let text): try container.encode(text)
            case .none: try container.encodeNil()
            }
        }

        var text: String {
            switch self {
            case .number(let value): Figures.loss(value)
            case .text(let text): text
            case .none: "-"
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

    /// Adds the rows of another answer behind these.
    mutating func append(_ other: Prediction) throws {
        guard outputs.map(\.name) == other.outputs.map(\.name), modelVersion == other.modelVersion,
            outputs.allSatisfy({ !$0.shape.isEmpty }), other.outputs.allSatisfy({ !$0.shape.isEmpty })
        else { throw CommandFailure("the gateway answered two parts of the file with different outputs") }
        for index in outputs.indices {
            outputs[index].shape[0] += other.outputs[index].shape[0]
            outputs[index].data += other.outputs[index].data
        }
    }

    /// A line a row, counted from 1 as in messages. Of `probabilities` the largest is shown, logits are not: --json has
    /// them all.
    func lines() -> [String] {
        let shown = outputs.filter { $0.name != ServedOutput.logits.rawValue && !$0.data.isEmpty }
        let rows = outputs.first?.shape.first ?? 0
        let columns = [TextTable.Column("ROW", .right)] + shown.map { .init($0.name.uppercased(), .right) }
        let cells = (0..<rows).map { row in [String(row + 1)] + shown.map { Self.cell(of: $0, row: row, rows: rows) } }
        let version = modelVersion.map { ":\($0)" } ?? ""
        return ["\(modelName)\(version)"] + TextTable(columns: columns, rows: cells).lines()
    }

    private static func cell(of output: Output, row: Int, rows: Int) -> String {
        let width = output.data.count / rows
        let values = output.data[row * width..<(row + 1) * width]
        guard output.name == ServedOutput.probabilities.rawValue else {
            return values.map(\.text).joined(separator: " ")
        }
        let numbers = values.compactMap { value -> Double? in
            if case .number(let number) = value { number } else { nil }
        }
        return numbers.max().map(Figures.metric) ?? "-"
    }
}

extension Prediction {
    /// From the body of an answer, which any server may have given.
    init(answer body: [UInt8]) throws {
        self = try JSONDecoder().decode(Prediction.self, from: Data(body))
        guard let output = outputs.first(where: { !$0.isSound }) else { return }
        throw CommandFailure(
            "the gateway answered with \(counted(output.data.count, "value")) of '\(output.name)', which are none of the "
                + "shape \(output.shape): is it a server of the Open Inference Protocol?")
    }
}
