package import Foundation

/// What is known of a node that ended without being asked to.
package struct RestartRecord: Codable, Sendable, Equatable {
    /// How often it was started again since the cluster came up.
    package var restarts = 0
    /// Why it last ended.
    package var lastReason: String
    package var lastEnd: Date
    /// When it is started again; nil while it runs.
    package var nextTry: Date?

    package init(restarts: Int = 0, lastReason: String, lastEnd: Date, nextTry: Date? = nil) {
        self.restarts = restarts
        self.lastReason = lastReason
        self.lastEnd = lastEnd
        self.nextTry = nextTry
    }
}
