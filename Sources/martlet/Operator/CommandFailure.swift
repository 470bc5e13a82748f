import Messaging
import Wire

/// A command's failure, told to a person: what happened and what to do.
struct CommandFailure: Error, CustomStringConvertible, Equatable {
    var description: String

    init(_ description: String) { self.description = description }

    /// What went wrong while the coordinator was asked.
    init(_ error: any Error, coordinator: String) {
        switch error {
        case let failure as Failure:
            self.init(failure.message)
        case MessagingError.timedOut(_, let after):
            self.init(
                "the coordinator at \(coordinator) did not answer within \(after); what it says for itself: "
                    + "martlet logs coordinator")
        case MessagingError.notConnected:
            self.init(
                "the coordinator at \(coordinator) cannot be reached; `martlet cluster status` tells whether it runs, "
                    + "`martlet cluster up` starts it again")
        default:
            self.init("\(error)")
        }
    }
}
