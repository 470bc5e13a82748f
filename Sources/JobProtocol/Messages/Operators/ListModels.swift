package import ClusterProtocol

/// Asks for versions of models, in the order of names, the newest version of each model first.
package struct ListModels: OperatorCall {
    package typealias Answer = ModelsPage
    package static let kind = MessageKind.listModels

    /// Versions of this model alone; nil: of all.
    package var model: String?
    /// Where the page before ended; nil: at the beginning.
    package var after: Place?

    /// One version.
    package struct Place: Codable, Sendable, Equatable {
        package var model: String
        package var version: Int

        package init(model: String, version: Int) {
            self.model = model
            self.version = version
        }
    }

    package init(model: String? = nil, after: Place? = nil) {
        self.model = model
        self.after = after
    }

    package func check() throws(DocumentProblem) {
        if let model { try Check.name(model, "the model") }
        try Check.text(after?.model ?? "", "after.model")
        try Check.count(after?.version ?? 0, "after.version")
    }
}

/// As many versions as fit.
package struct ModelsPage: DocumentAnswer {
    package struct Entry: Codable, Sendable, Equatable {
        package var model: String
        /// Of the model, by name.
        package var aliases: [String: Int]
        package var version: ModelStatus.Version

        package init(model: String, aliases: [String: Int], version: ModelStatus.Version) {
            self.model = model
            self.aliases = aliases
            self.version = version
        }
    }

    package var entries: [Entry]
    /// What to ask for to get the next page; nil: there is none.
    package var next: ListModels.Place?

    package init(entries: [Entry], next: ListModels.Place?) {
        self.entries = entries
        self.next = next
    }

    package func check() throws(DocumentProblem) {
        for entry in entries { try entry.version.check() }
    }
}
