/// Why a cluster on this machine could not be started, stopped or found.
package enum LaunchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process has the port where this cluster's `node` should listen.
    case portInUse(node: String, address: String, owner: String)
    /// The cluster file says something else than what runs.
    case changedWhileRunning(cluster: String, running: [String])
    /// Another command holds the cluster's lock.
    case busy(folder: String)
    case cannotStart(node: String, reason: String)
    /// The process ended before it was ready.
    case diedAtStart(node: String, logTail: String, log: String)
    case notReady(node: String, reason: String, after: Duration, logTail: String, log: String)
    case notStopped(node: String, processID: Int32)
    case system(call: String, reason: String)

    package var description: String {
        switch self {
        case .portInUse(let node, let address, let owner):
            "\(address), where \(node) should listen, is already in use by \(owner); stop that, or choose another "
                + "port (0: any) in the cluster file"
        case .changedWhileRunning(let cluster, let running):
            "the cluster file has changed since cluster '\(cluster)' was started, and \(running.count) of its "
                + "processes still run (\(running.joined(separator: ", "))); take it down first, then up again"
        case .busy(let folder):
            "another `martlet cluster` command is at work on \(folder); wait for it to end"
        case .cannotStart(let node, let reason):
            "\(node) could not be started: \(reason)"
        case .diedAtStart(let node, let logTail, let log):
            "\(node) ended before it was ready. The end of \(log):\n\(logTail)"
        case .notReady(let node, let reason, let after, let logTail, let log):
            "\(node) was not ready after \(after): \(reason). The end of \(log):\n\(logTail)"
        case .notStopped(let node, let processID):
            "\(node) (process \(processID)) still runs although it was killed; it may hang in the kernel: look at "
                + "/proc/\(processID)/stack"
        case .system(let call, let reason):
            "\(call) failed: \(reason)"
        }
    }
}
