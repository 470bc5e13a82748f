import Messaging

/// Whether an error means that nobody answered, rather than that somebody said no.
enum Silence {
    static func `is`(_ error: any Error) -> Bool {
        switch error {
        case MessagingError.timedOut, MessagingError.notConnected, MessagingError.backlogFull: true
        default: false
        }
    }
}
