import Cluster
import Explanations
import Foundation
import Messaging
import Wire

/// A command's failure, told to a person: what happened and what to do.
struct CommandFailure: Error, CustomStringConvertible, Equatable {
    var description: String

    init(_ description: String) { self.description = description }

    /// What keeps the coordinator of a cluster on this machine from answering.
    init(_ presence: CoordinatorPresence, of folder: ClusterFolder) {
        let up = "`martlet cluster up \(folder.option)`"
        func name(_ process: ProcessRecord) -> String { "the coordinator (process \(process.processID))" }
        let why = "what it said last: martlet logs coordinator \(folder.option)"
        let text =
            switch presence {
            case .absent: "the cluster in \(folder.root.path) does not run: \(up) starts it"
            case .paused(let process):
                "\(name(process)) is stopped, as by Ctrl-Z or SIGSTOP: `kill -CONT \(process.processID)` lets it go on"
            case .starting(let process):
                "\(name(process)) is starting and does not listen yet: try again in a moment; \(why)"
            case .restarting(let process, _):
                "\(name(process)) has ended\(Self.lastReason(in: folder)) and is being started again: try again in a "
                    + "moment; \(why)"
            case .ended(let process): "\(name(process)) has ended: \(up) starts it again; \(why)"
            case .misled(let process):
                LaunchError.damagedEndpoint(
                    node: NodeName.coordinator, processID: process.processID,
                    file: folder.endpointFile(of: NodeName.coordinator).path
                ).description
            case .listens(let address): "the coordinator at \(address) does not answer"
            }
        self.init(text)
    }

    private static func lastReason(in folder: ClusterFolder) -> String {
        folder.restartRecords()[NodeName.coordinator].map { " (\($0.lastReason))" } ?? ""
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
