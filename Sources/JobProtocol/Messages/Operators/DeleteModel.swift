package import ClusterProtocol

/// Forgets versions of a model that no alias stands for.
package struct DeleteModel: OperatorCall {
    package typealias Answer = Deletion
    package static let kind = MessageKind.deleteModel

    package var name: String
    /// Nil: all versions.
    package var version: Int?

    package init(name: String, version: Int?) {
        self.name = name
        self.version = version
    }

    package func check() throws(DocumentProblem) {
        try Check.name(name, "the model")
        try Check.count(version ?? 1, "version", in: 1...Check.largestCount)
    }
}
