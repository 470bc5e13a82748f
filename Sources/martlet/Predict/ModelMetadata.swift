import Datasets
import NeuralNetworks
import Wire

/// `GET /v2/models/NAME` of the Open Inference Protocol.
struct ModelMetadata: Decodable, Equatable {
    struct Tensor: Decodable, Equatable {
        struct Parameters: Decodable, Equatable {
            /// Names of the values of a row, in their order; of one of its rows where it is a window of several.
            var columns: [String]?
            /// The column that the rows of a window are in order of, where they were put in order for training.
            var order: String?
            /// Whether a picture can stand for a row; nil: an earlier version did not say.
            var pictures: Bool?
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

        /// Whether it learned from numbers of pictures, as far as that is known.
        var takesPictures: Bool {
            datatype != Datatype.bytes.rawValue && columns == nil && parameters?.pictures != false
        }

        /// Whether a row is a text, or the source of a translation and what its result begins with.
        var takesTexts: Bool {
            datatype == Datatype.bytes.rawValue && (1...2).contains(columns?.count ?? 0) && window == 1
        }

        /// What it reads and which files hold that, for who gave another.
        var described: String {
            if takesTexts { return "texts: give a .txt, .csv, .json or .jsonl file" }
            if let columns {
                let shown = columns.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
                return "columns of a table (\(shown)\(columns.count > 3 ? " and \(columns.count - 3) more" : "")): "
                    + "give a .csv, .json or .jsonl file"
            }
            let isPicture = takesPictures && PictureReader(shape: Array(shape.dropFirst())) != nil
            let sides = shape.dropFirst().map(String.init).joined(separator: ", ")
            return isPicture
                ? "pictures of shape [\(sides)]: give a .png or .jpg file, or numbers as a .csv, .json or .jsonl file"
                : "numbers of shape [\(sides)]: give a .csv, .json or .jsonl file"
        }

        /// Consecutive rows of a table that the model takes at once; 1 unless it foretells a series.
        var window: Int { columns.map { valuesPerRow / $0.count } ?? 1 }
    }

    /// What it answers with.
    struct NamedOutput: Decodable, Equatable {
        var name: String
    }

    var name: String
    var inputs: [Tensor]
    var outputs: [NamedOutput]?

    /// Columns that a row may lack: of a model that translates, which alone answers with a text, what the result begins
    /// with.
    var optionalColumns: Set<String> {
        guard inputs.count == 1, inputs[0].takesTexts, let columns = inputs[0].columns, columns.count == 2,
            outputs?.contains(where: { $0.name == ServedOutput.text.rawValue }) == true
        else { return [] }
        return [columns[1]]
    }

    /// A file without names can only be meant for a model with one input.
    func onlyInput() throws -> Tensor {
        guard inputs.count == 1, let input = inputs.first, input.valuesPerRow > 0 else {
            throw CommandFailure(
                "model '\(name)' takes \(inputs.count) inputs; give a JSON file with 'inputs' that names each")
        }
        return input
    }
}
