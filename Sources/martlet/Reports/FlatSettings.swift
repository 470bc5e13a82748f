import Foundation

/// A value as keys such as `train.stop.patience` with their values, whatever it is made of.
enum FlatSettings {
    /// Throws what the JSON coders say.
    static func of(_ value: some Encodable) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        var settings: [String: String] = [:]
        flatten(try JSONDecoder().decode(Tree.self, from: encoder.encode(value)), at: "", into: &settings)
        return settings
    }

    /// What JSON can say.
    private enum Tree: Decodable {
        case mapping([String: Tree])
        case list([Tree])
        case leaf(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let value = try? container.decode([String: Tree].self) {
                self = .mapping(value)
            } else if let value = try? container.decode([Tree].self) {
                self = .list(value)
            } else if let value = try? container.decode(Bool.self) {
                self = .leaf(value ? "true" : "false")
            } else if let value = try? container.decode(Int.self) {
                self = .leaf("\(value)")
            } else if let value = try? container.decode(Double.self) {
                self = .leaf("\(value)")
            } else {
                self = .leaf(container.decodeNil() ? "-" : try container.decode(String.self))
            }
        }

        var text: String? { if case .leaf(let text) = self { text } else { nil } }
    }

    private static func flatten(_ tree: Tree, at path: String, into settings: inout [String: String]) {
        switch tree {
        case .mapping(let entries):
            for (key, entry) in entries { flatten(entry, at: path.isEmpty ? key : "\(path).\(key)", into: &settings) }
        case .list(let entries) where entries.allSatisfy { $0.text != nil }:
            settings[path] = "[" + entries.compactMap(\.text).joined(separator: ", ") + "]"
        case .list(let entries):
            for (index, entry) in entries.enumerated() { flatten(entry, at: "\(path)[\(index)]", into: &settings) }
        case .leaf(let text): settings[path] = text
        }
    }
}
