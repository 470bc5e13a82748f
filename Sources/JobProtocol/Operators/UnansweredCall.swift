package import Messaging

/// A call that changes something was sent, and no answer came: whether it was carried out is not known here.
package struct UnansweredCall: Error, Sendable {
    package let cause: MessagingError

    package init(cause: MessagingError) { self.cause = cause }
}
