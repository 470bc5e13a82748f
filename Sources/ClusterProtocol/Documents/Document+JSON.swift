import Explanations
import Foundation
package import Wire

extension Document {
    /// Throws what the JSON encoder says.
    package init(kind: String, _ value: some Encodable) throws {
        self.init(kind: kind, json: Array(try ClusterJSON.encoder().encode(value)))
    }

    package init(_ kind: MessageKind, _ value: some Encodable) throws {
        try self.init(kind: kind.rawValue, value)
    }

    /// Reads and checks it. Throws `Failure.invalidArgument` that names the kind and the field.
    package func decode<Value: CheckedDocument>(_ type: Value.Type = Value.self) throws(Failure) -> Value {
        do {
            let value = try ClusterJSON.decoder().decode(type, from: Data(json))
            try value.check()
            return value
        } catch let problem as DocumentProblem {
            // An operator's call holds what a person typed, who knows of no documents.
            let isCall = MessageKind(rawValue: kind)?.isCall == true
            throw Failure(.invalidArgument, isCall ? "\(problem)" : "document '\(kind)' cannot be used: \(problem)")
        } catch {
            throw Failure(.invalidArgument, "document '\(kind)' cannot be read: \(error.explanation)")
        }
    }
}
