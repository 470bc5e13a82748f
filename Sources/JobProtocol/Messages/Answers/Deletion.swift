package import ClusterProtocol

/// What is gone.
package struct Deletion: DocumentAnswer {
    /// "digits:2", "digits@canary", "digits-7".
    package var deleted: [String]
    /// Gateways that had not said in time that they route without it; nil: all do.
    package var behind: [String]?

    package init(deleted: [String], behind: [String]? = nil) {
        self.deleted = deleted
        self.behind = behind
    }

    package func check() throws(DocumentProblem) {}
}
