package import Files

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
    /// The process runs, but its endpoint file says something else than where.
    case damagedEndpoint(node: String, processID: Int32, file: String)
    case notStopped(node: String, processID: Int32)
    /// These processes are stopped, as by Ctrl-Z; all others are ready.
    case paused([String: Int32])
    /// No cluster was started there.
    case nothingToSupervise(folder: String)
    /// Another supervisor runs.
    case supervised(folder: String)
    /// No address belongs to this name.
    case unknownHost(String)
    /// This name of the coordinator leads to no address that other machines reach.
    case unreachableHost(String, address: String)
    /// The user may not look into the cluster's folder, or something else is in the way.
    case unreadable(folder: String, reason: String)
    /// A file lies where the cluster's data folder should, or where one that this lies in should.
    case dataIsNoFolder(String)
    /// Something else lies where a folder of the cluster should.
    case noFolder(FileError)
    /// Processes of the cluster run of which its folder says nothing.
    case unrecorded([String: Int32], folder: String, option: String)
    /// No key is made under processes that run.
    case keysMissing([String], folder: String, option: String)
    /// A person or the system ended the command. Of the processes that it had started `stopped` have ended too; `kept` go
    /// on, as a supervisor would start them again.
    case interrupted(stopped: [String], kept: [String] = [])
    case system(call: String, reason: String)

    /// Which, and that nothing tells of them.
    package static func unrecorded(_ processes: [String: Int32], folder: String) -> String {
        let names = processes.sorted { $0.key < $1.key }.map { "\($0.key) (process \($0.value))" }
        return "processes of the cluster in \(folder) run of which its files know nothing, as when `run` or a file "
            + "in it was removed: "
            + names.joined(separator: ", ")
    }

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
        case .damagedEndpoint(let node, let processID, let file):
            "\(file) should hold the address of \(node), such as tcp://127.0.0.1:7600, and holds something else; the "
                + "process writes it again within a second, if no folder is in its place: move that away. Where it does "
                + "not, end it with `kill \(processID)`, then `martlet cluster up`"
        case .notStopped(let node, let processID):
            "\(node) (process \(processID)) still runs although it was killed; it may hang in the kernel: look at "
                + "/proc/\(processID)/stack"
        case .paused(let processes):
            processes.sorted { $0.key < $1.key }.map { node, process in
                "\(node) (process \(process)) \(ProcessRecord.pauseWords(process)), "
                    + "`kill -KILL \(process)` ends it so that `martlet cluster up` starts it anew"
            }.joined(separator: "\n")
        case .nothingToSupervise(let folder):
            "no cluster was started in \(folder); `martlet cluster up` starts one, and its supervisor"
        case .supervised(let folder):
            "another supervisor watches the cluster in \(folder)"
        case .unknownHost(let host):
            "no host is known as '\(host)': expected an address of this machine, or a name that leads to one, as `host` "
                + "in the cluster file"
        case .unreachableHost(let host, let address):
            "coordinator.host is '\(host)', which leads to \(address): nodes on other machines (`remote`) cannot reach "
                + "the coordinator there; expected the address of this machine that they reach"
        case .unreadable(let folder, let reason):
            "\(folder), the cluster's data folder, cannot be read: \(reason); nothing can be said of the cluster: run the "
                + "command as the user who brought it up"
        case .dataIsNoFolder(let path):
            "the cluster's data (`data` in the cluster file) is \(path), which is a file or lies below one; expected a "
                + "folder, or a place where one can be made: name another, or move the file away"
        case .noFolder(let obstacle):
            "\(obstacle); move it away, and the folder is made again when it is needed"
        case .unrecorded(let processes, let folder, let option):
            Self.unrecorded(processes, folder: folder)
                + "; `martlet cluster down \(option)` ends them, then `martlet cluster up \(option)` starts anew"
        case .keysMissing(let nodes, let folder, let option):
            "\(nodes.map { "\(folder)/\($0).key" }.joined(separator: ", ")) \(nodes.count == 1 ? "is" : "are") not there, "
                + "and no key is made while processes run that know the old ones; put back what was removed, or "
                + "`martlet cluster down \(option)`, after which `up` makes new keys"
        case .interrupted(let stopped, let kept):
            "it was interrupted"
                + (stopped.isEmpty ? "" : "; what it had started was ended: \(stopped.joined(separator: ", "))")
                + (kept.isEmpty
                    ? ""
                    : "; \(kept.joined(separator: ", ")) had been started and was left, as the supervisor would start "
                        + "it again")
        case .system(let call, let reason):
            "\(call) failed: \(reason)"
        }
    }
}
