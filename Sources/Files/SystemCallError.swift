/// A call of the system that failed, and what the system says of it.
package struct SystemCallError: Error, Sendable, Equatable, CustomStringConvertible {
    /// With the file it was about, such as `rename /data/cluster.id`.
    package let call: String
    package let reason: String

    package init(call: String, reason: String) {
        self.call = call
        self.reason = reason
    }

    package var description: String { "\(call) failed: \(reason)" }
}
