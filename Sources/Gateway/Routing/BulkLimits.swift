import NIOCore

/// How far large requests give way to small ones.
package struct BulkLimits: Sendable {
    /// How many large requests are worked on at once while small ones come.
    package var width: Int
    /// So long after a small request others are expected.
    package var memory: Duration
    /// A large request that takes longer waits for something else than processors, and the next may begin.
    package var patience: Duration

    package init(
        width: Int = max(1, System.coreCount / 2), memory: Duration = .milliseconds(100),
        patience: Duration = .milliseconds(5)
    ) {
        self.width = width
        self.memory = memory
        self.patience = patience
    }
}
