import Cluster
import Explanations
import Messaging
import Wire

/// A command's failure, told to a person: what happened and what to do.
struct CommandFailure: Error, CustomStringConvertible, Equatable {
    var description: String

    init(_ description: String) { self.description = description }

    /// What keeps the coordinator of a cluster on this machine from answering; nil where nothing does.
    init?(coordinator process: ProcessRecord, of folder: ClusterFolder) {
        let name = "the coordinator (process \(process.processID))"
        let why = "what it said last: martlet logs coordinator \(folder.option)"
        if process.isPaused {
            self.init(
                "\(name) is stopped, as by Ctrl-Z or SIGSTOP: `kill -CONT \(process.processID)` lets it go on")
        } else if process.isAlive {
            return nil
        } else if folder.supervisor?.isAlive == true {
            let reason = folder.restartRecords()[NodeName.coordinator].map { " (\($0.lastReason))" } ?? ""
            self.init("\(name) has ended\(reason) and is being started again: try again in a moment; \(why)")
        } else {
            self.init("\(name) has ended: `martlet cluster up \(folder.option)` starts it again; \(why)")
        }
    }

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
            self.init(error.explanation)
        }
    }
}
