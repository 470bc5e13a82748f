/// A message of the control protocol: its fields are its JSON, and its type says all else that sender and receiver must
/// agree on, so that neither can be wrong about it without the compiler seeing it.
///
/// The JSON may grow by fields that are nil where they are not said; what is there keeps its keys and its form, since
/// builds of different ages talk to each other.
package protocol ClusterMessage<Answer>: CheckedDocument, Equatable {
    /// What comes back, unless it is a `Failure`. Nothing does where the message was only told.
    associatedtype Answer: ClusterAnswer = Acknowledged

    static var kind: MessageKind { get }
    static var path: MessagePath { get }
}

/// What types give as their `largestBytes`. All are far beyond what senders send: a sender of an earlier version, which
/// cut less, must be understood. One that says nothing takes as much as travels at all, for plans, curves and tables.
package enum MessageBytes {
    /// Names and numbers.
    package static let figures = 64 << 10
    /// And a reason, or a command.
    package static let words = 1 << 20
    /// And lines that a program printed.
    package static let lines = 4 << 20
}
