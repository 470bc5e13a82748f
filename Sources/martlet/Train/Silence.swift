import Messaging
import Wire

/// Whether an error means that nobody answered, rather than that somebody said no.
enum Silence {
    static func `is`(_ error: any Error) -> Bool {
        switch error {
        case MessagingError.timedOut, MessagingError.notConnected, MessagingError.backlogFull: true
        // It has no time for the question, or is about to end.
        case let failure as Failure: failure.code == .queueFull || failure.code == .unavailable
        default: false
        }
    }
}
