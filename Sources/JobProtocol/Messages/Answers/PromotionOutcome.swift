package import ClusterProtocol

/// What an alias stands for after a promotion or a rollback.
package struct PromotionOutcome: DocumentAnswer {
    package var name: String
    package var alias: String
    package var version: Int
    package var previous: Int?
    package var replicas: [String]
    package var routingEpoch: UInt64
    /// Gateways that had not said in time that they route by it; nil: all do.
    package var behind: [String]?
    /// True where the alias stood for this version before; nil: it does so since.
    package var unchanged: Bool?

    package init(
        name: String, alias: String, version: Int, previous: Int?, replicas: [String], routingEpoch: UInt64,
        behind: [String]? = nil, unchanged: Bool? = nil
    ) {
        self.name = name
        self.alias = alias
        self.version = version
        self.previous = previous
        self.replicas = replicas
        self.routingEpoch = routingEpoch
        self.behind = behind
        self.unchanged = unchanged
    }

    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
    }
}
