import Explanations
import Foundation
package import Wire

extension Document {
    /// Throws what the JSON encoder says.
    package init(kind: String, _ value: some Encodable) throws {
        self.init(kind: kind, json: Array(try ClusterJSON.encoder().encode(value)))
    }

    /// Throws `Failure.invalidArgument` that names the kind and the field.
    package func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws(Failure) -> Value {
        do {
            return try ClusterJSON.decoder().decode(type, from: Data(json))
        } catch {
            throw Failure(.invalidArgument, "document '\(kind)' cannot be read: \(error.explanation)")
        }
    }
}
