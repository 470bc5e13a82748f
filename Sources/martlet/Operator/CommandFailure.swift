import JobProtocol
import LocalCluster
import Explanations
import Foundation
import Messaging
import Wire

/// A command's failure, told to a person: what happened and what to do.
struct CommandFailure: Error, CustomStringConvertible, Equatable {
    var description: String

    init(_ description: String) { self.description = description }

    /// What keeps a node of a cluster on this machine from answering.
    ///
    /// - Parameter title: what people call it, such as "the gateway".
    init(
        _ presence: NodePresence, of node: String, called title: String, in folder: ClusterFolder, now: Date = Date()
    ) {
        let up = "`martlet cluster up \(folder.option)`"
        func name(_ process: ProcessRecord) -> String { "\(title) (process \(process.processID))" }
        let why = "what it said last: martlet logs \(node) \(folder.option)"
        let text =
            switch presence {
            case .absent: Self.absence(called: title, in: folder)
            case .paused(let process): "\(name(process)) \(ProcessRecord.pauseWords(process.processID))"
            case .starting(let process):
                "\(name(process)) is starting and does not listen yet: try again in a moment; \(why)"
            case .restarting(let process, let next):
                "\(name(process)) has ended\(Self.lastReason(of: node, in: folder)) and is "
                    + "\(Self.restart(next, now)); \(why)"
            case .ended(let process):
                "\(name(process)) has ended: \(Self.pausedSupervisor(folder) ?? "\(up) starts it again"); \(why)"
            case .misled(let process):
                LaunchError.damagedEndpoint(
                    node: node, processID: process.processID, file: folder.endpointFile(of: node).path
                ).description
            case .listens(let address): "\(title) at \(address) does not answer"
            }
        self.init(text)
    }

    private static func absence(called title: String, in folder: ClusterFolder) -> String {
        let up = "`martlet cluster up \(folder.option)`"
        if let problem = folder.unrecordedProblem() { return problem.description }
        return folder.isUp
            ? "\(title) was not started, although others of the cluster in \(folder.root.path) run: \(up) starts it"
            : "the cluster in \(folder.root.path) does not run: \(up) starts it"
    }

    /// What keeps a supervisor that is there from starting anything again.
    private static func pausedSupervisor(_ folder: ClusterFolder) -> String? {
        guard let supervisor = folder.supervisor, supervisor.isPaused else { return nil }
        return "the supervisor (process \(supervisor.processID)), which would start it again, "
            + ProcessRecord.pauseWords(supervisor.processID)
    }

    /// When it is started again, and when it is worth a try.
    private static func restart(_ next: Date?, _ now: Date) -> String {
        let seconds = (next?.timeIntervalSince(now) ?? 0).rounded(.up)
        guard seconds > 1, let whole = Int(exactly: seconds) else {
            return "being started again: try again in a moment"
        }
        return "started again in \(whole) s: try again then"
    }

    private static func lastReason(of node: String, in folder: ClusterFolder) -> String {
        folder.restartRecords()[node].map { " (\($0.lastReason))" } ?? ""
    }

    /// The cluster ended while the command spoke with it.
    init(takenDown folder: ClusterFolder) {
        self.init(
            "the cluster in \(folder.root.path) was taken down: `martlet cluster up \(folder.option)` starts it; its jobs "
                + "go on then, and `martlet job wait JOB` follows one")
    }

    /// What went wrong while the coordinator was asked.
    init(_ error: any Error, coordinator: String) {
        switch error {
        case let failure as Failure:
            self.init(failure.message)
        case let unanswered as UnansweredCall:
            self.init(
                "\(CommandFailure(unanswered.cause, coordinator: coordinator).description); what was asked may have been "
                    + "done all the same: `martlet jobs` and `martlet models` show whether it was")
        case MessagingError.timedOut(_, let after):
            self.init(
                "the coordinator at \(coordinator) did not answer within \(after); what it says for itself: "
                    + "martlet logs coordinator")
        case MessagingError.notConnected, MessagingError.closed:
            self.init(
                "the coordinator at \(coordinator) cannot be reached; `martlet cluster status` tells whether it runs, "
                    + "`martlet cluster up` starts it again")
        default:
            self.init(error.explanation)
        }
    }
}
