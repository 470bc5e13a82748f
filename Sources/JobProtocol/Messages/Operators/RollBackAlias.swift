package import ClusterProtocol

/// Has an alias stand for the version before again.
package struct RollBackAlias: OperatorCall {
    package typealias Answer = PromotionOutcome
    package static let kind = MessageKind.rollBackAlias

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
