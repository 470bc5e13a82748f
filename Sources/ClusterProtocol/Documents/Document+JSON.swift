import Explanations
import Foundation
package import Wire

extension Document {
    /// Throws what the JSON encoder says.
    package init(_ kind: MessageKind, _ value: some Encodable) throws {
        try self.init(kind: kind.rawValue, value)
    }

    package init(kind: String, _ value: some Encodable) throws {
        self.init(kind: kind, json: Array(try ClusterJSON.encoder().encode(value)))
    }

    /// Reads and checks it. Throws `Failure.invalidArgument` that names the kind and the field.
    package func decode<Value: CheckedDocument>(_ type: Value.Type = Value.self) throws(Failure) -> Value {
        // An operator's call holds what a person typed, who knows of no documents.
        let isCall = MessageKind(rawValue: kind)?.isCall == true
        guard json.count <= type.largestBytes else {
            throw Failure(
                .invalidArgument,
                "'\(kind)' has \(json.count) bytes, expected at most \(type.largestBytes)"
                    + (isCall ? ": lists of names belong into the data, not into the job file" : ""))
        }
        do {
            let value = try ClusterJSON.decoder().decode(type, from: Data(json))
            try value.check()
            return value
        } catch let problem as DocumentProblem {
            throw Failure(.invalidArgument, isCall ? "\(problem)" : "document '\(kind)' cannot be used: \(problem)")
        } catch {
            throw Failure(.invalidArgument, "document '\(kind)' cannot be read: \(error.explanation)")
        }
    }
}
