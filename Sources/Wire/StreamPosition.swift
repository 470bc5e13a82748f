/// Which part of a streamed answer a message is.
package struct StreamPosition: Sendable, Equatable {
    /// Counted from 1.
    package var sequence: UInt32
    /// No part follows.
    package var isLast: Bool

    package init(sequence: UInt32, isLast: Bool) {
        self.sequence = sequence
        self.isLast = isLast
    }
}
