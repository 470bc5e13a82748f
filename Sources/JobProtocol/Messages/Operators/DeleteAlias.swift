package import ClusterProtocol

/// Forgets an alias. Answered once gateways route without it, or at the end of their time.
package struct DeleteAlias: OperatorCall {
    package typealias Answer = Deletion
    package static let kind = MessageKind.deleteAlias

    package var name: String
    package var alias: String

    package init(name: String, alias: String) {
        self.name = name
        self.alias = alias
    }

    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
        try Check.name(alias, "the alias")
    }
}
