import Foundation
package import Wire

extension Document {
    /// Throws what the JSON encoder says.
    package init(kind: String, _ value: some Encodable) throws {
        self.init(kind: kind, json: Array(try ClusterJSON.encoder().encode(value)))
    }

    /// Reads and checks it. Throws `Failure.invalidArgument` that names the kind and the field.
    package func decode<Value: CheckedDocument>(_ type: Value.Type = Value.self) throws(Failure) -> Value {
        do {
            let value = try ClusterJSON.decoder().decode(type, from: Data(json))
            try value.check()
            return value
        } catch let problem as DocumentProblem {
            throw Failure(.invalidArgument, "document '\(kind)' cannot be used: \(problem)")
        } catch let error as DecodingError {
            throw Failure(.invalidArgument, "document '\(kind)' cannot be read: \(error.explanation)")
        } catch {
            throw Failure(.invalidArgument, "document '\(kind)' cannot be read: \(error)")
        }
    }
}

extension DecodingError {
    /// Where and what, in one line.
    var explanation: String {
        func path(_ context: Context) -> String {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "the document" : path
        }
        return switch self {
        case .keyNotFound(let key, let context): "\(path(context)) has no '\(key.stringValue)'"
        case .typeMismatch(let type, let context): "\(path(context)) is not of type \(type)"
        case .valueNotFound(let type, let context): "\(path(context)) has no value, expected \(type)"
        case .dataCorrupted(let context): "\(path(context)): \(context.debugDescription)"
        @unknown default: "\(self)"
        }
    }
}
