import Foundation
import Wire

@testable import ClusterProtocol
@testable import ControlPlane
@testable import JobProtocol

/// One document whose JSON is written down in `messages.json`, as this build writes and reads it.
///
/// Two builds of one protocol version talk to each other, and the coordinator's state, a gateway's table and scripts
/// outlive the build that wrote them: so the JSON of a document may grow, but what is there keeps its keys and its form.
struct PinnedMessage: Sendable {
    /// The kind, or the kind and "answer"; where there are several of a kind, with what tells them apart.
    var name: String
    /// As it is sent.
    var json: @Sendable () throws -> String
    /// What becomes of this JSON when it is read, checked and written again.
    var rewritten: @Sendable (String) throws -> String

    init<Value: CheckedDocument>(_ name: String, _ value: Value) {
        self.name = name
        json = { try ClusterJSON.text(value) }
        rewritten = { json in
            let read: Value = try Document(kind: name, json: Array(json.utf8)).decode()
            return try ClusterJSON.text(read)
        }
    }

    static let all: [PinnedMessage] = orders + reports + calls + answers

    /// JSON by name.
    static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "messages.json")

    static func read() throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
    }

    static func write() throws {
        let pins = try Dictionary(uniqueKeysWithValues: all.map { ($0.name, try $0.json()) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(pins) + Data("\n".utf8)).write(to: file)
    }
}
