/// One version of one model.
package struct ReplicaKey: Codable, Sendable, Hashable, CustomStringConvertible {
    package var model: String
    package var version: Int

    package init(_ model: String, _ version: Int) {
        self.model = model
        self.version = version
    }

    package var description: String { "\(model):\(version)" }
}

/// One alias of one model.
package struct AliasKey: Codable, Sendable, Hashable, CustomStringConvertible {
    package var model: String
    package var alias: String

    package init(_ model: String, _ alias: String) {
        self.model = model
        self.alias = alias
    }

    package var description: String { "\(model)@\(alias)" }
}
