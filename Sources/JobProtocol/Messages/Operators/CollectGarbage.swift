package import ClusterProtocol

/// Removes what nothing needs.
package struct CollectGarbage: OperatorCall {
    package typealias Answer = GarbageCollected
    package static let kind = MessageKind.collectGarbage

    package init() {}

    package func check() throws(DocumentProblem) {}
}

/// What was found that nothing needs, and removed.
package struct GarbageCollected: DocumentAnswer {
    package var contents: Int
    package var contentBytes: Int
    /// Why contents were left alone; nil when they were looked through.
    package var skipped: String?
    package var pruned: PrunedState
    package var before: StateSize
    package var after: StateSize
    /// Why the state was left as it was, or half done; nil where it was not.
    package var stateProblem: String?
    /// What lies in the store and is no content; nil: nothing.
    package var obstacles: [String]?
    /// What versions and jobs refer to and the store lacks; nil: nothing.
    package var gaps: [ContentGap]?

    package init(
        contents: Int, contentBytes: Int, skipped: String? = nil, pruned: PrunedState, before: StateSize,
        after: StateSize, stateProblem: String? = nil, obstacles: [String]? = nil, gaps: [ContentGap]? = nil
    ) {
        self.contents = contents
        self.contentBytes = contentBytes
        self.skipped = skipped
        self.pruned = pruned
        self.before = before
        self.after = after
        self.stateProblem = stateProblem
        self.obstacles = obstacles
        self.gaps = gaps
    }

    /// Of the lists, so that each fits into a message.
    package static let longest = 1000

    package func check() throws(DocumentProblem) {
        try Check.count(contents, "contents")
        try Check.count(contentBytes, "contentBytes")
    }
}
