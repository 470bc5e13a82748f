/// `GET /v2/models/NAME` of the Open Inference Protocol.
struct ModelMetadata: Decodable, Equatable {
    struct Tensor: Decodable, Equatable {
        struct Parameters: Decodable, Equatable {
            /// Names of the values of a row, in their order; of one of its rows where it is a window of several.
            var columns: [String]?
        }

        var name: String
        var datatype: String
        /// The first dimension is the rows.
        var shape: [Int]
        var parameters: Parameters?

        var valuesPerRow: Int {
            shape.dropFirst().reduce(1) { $0.multipliedReportingOverflow(by: max($1, 0)).partialValue }
        }

        /// Nil where they do not name every value of a row.
        var columns: [String]? {
            guard let columns = parameters?.columns, !columns.isEmpty, valuesPerRow.isMultiple(of: columns.count) else {
                return nil
            }
            return columns
        }

        /// Consecutive rows of a table that the model takes at once; 1 unless it foretells a series.
        var window: Int { columns.map { valuesPerRow / $0.count } ?? 1 }
    }

    var name: String
    var inputs: [Tensor]

    /// A file without names can only be meant for a model with one input.
    func onlyInput() throws -> Tensor {
        guard inputs.count == 1, let input = inputs.first, input.valuesPerRow > 0 else {
            throw CommandFailure(
                "model '\(name)' takes \(inputs.count) inputs; give a JSON file with 'inputs' that names each")
        }
        return input
    }
}
