import Coordinator
import LocalCluster
import Foundation

/// What is wrong with a cluster that none of its nodes says of itself: seen in its folder, on this machine.
enum ClusterWarnings {
    static func all(in folder: ClusterFolder) -> [Finding] {
        [
            folders(folder), processes(folder), paused(folder), records(folder), endpoints(folder), supervisor(folder),
            keys(folder), state(folder),
        ].compactMap(\.self)
    }

    /// Those of its files alone.
    static func files(in folder: ClusterFolder) -> [Finding] {
        [folders(folder), records(folder), endpoints(folder), keys(folder), state(folder)].compactMap(\.self)
    }

    static let folderRemedy = "move that away; the folder is made again, and what it held is to be put back"

    /// Nil where nothing else lies in the place of a folder.
    static func folders(_ folder: ClusterFolder) -> Finding? {
        broken("folders", folder.obstacles(), remedy: folderRemedy)
    }

    /// Nil where there is no problem.
    private static func broken(_ subject: String, _ problems: [String], remedy: String) -> Finding? {
        problems.isEmpty ? nil : .broken(subject, problems.joined(separator: "; "), remedy: remedy)
    }

    /// Nil where every process that should run does.
    static func processes(_ folder: ClusterFolder) -> Finding? {
        if case .unrecorded(let processes, let root, _)? = folder.unrecordedProblem() {
            return .broken(
                "processes", LaunchError.unrecorded(processes, folder: root),
                remedy: "`martlet cluster down \(folder.option)` ends them, then "
                    + "`martlet cluster up \(folder.option)` starts anew")
        }
        let ended = folder.processes().filter { !$0.value.isAlive }.keys.sorted()
        let missing = folder.missingNodes()
        guard !ended.isEmpty || !missing.isEmpty else { return nil }
        let unknown = "not running, and without a file in run: `up` was cut off, or the file was removed"
        let hidden = "not running, and something else lies in the place of the file in run"
        let parts = [
            (ended, "ended without being taken down"), (missing.filter { !folder.hidesRecord(of: $0) }, unknown),
            (missing.filter(folder.hidesRecord(of:)), hidden),
        ]
        let found = parts.filter { !$0.0.isEmpty }.map { "\($0.0.joined(separator: ", ")) \($0.1)" }
            .joined(separator: "; ")
        if missing.isEmpty, let supervisor = folder.supervisor, supervisor.isAlive, !supervisor.isPaused {
            return .warning(
                "processes", found,
                remedy:
                    "the supervisor starts them again; `martlet cluster status \(folder.option)` says why they ended")
        }
        return .broken(
            "processes", found,
            remedy: (ended.first.map { "`martlet logs \($0) \(folder.option)` may say why; " } ?? "")
                + "`martlet cluster up \(folder.option)` starts what is missing, `martlet cluster down "
                + "\(folder.option)` clears up")
    }

    /// Nil where no node is stopped: one that is has not ended, and does nothing.
    static func paused(_ folder: ClusterFolder) -> Finding? {
        let paused = folder.processes().filter { $0.value.isPaused }.sorted { $0.key < $1.key }
        guard !paused.isEmpty else { return nil }
        let names = paused.map { "\($0.key) (process \($0.value.processID))" }.joined(separator: ", ")
        let ids = paused.map { String($0.value.processID) }.joined(separator: " ")
        return .broken(
            "processes", "\(names) \(paused.count == 1 ? "is" : "are") stopped, as by Ctrl-Z or SIGSTOP",
            remedy: "`kill -CONT \(ids)` lets \(paused.count == 1 ? "it" : "them") go on")
    }

    /// Nil where the files that tell what was started are files, or are not there.
    static func records(_ folder: ClusterFolder) -> Finding? {
        broken(
            "process files", folder.recordObstacles(),
            remedy: "move away what is no file, then `martlet cluster up \(folder.option)` starts what does not run")
    }

    /// Nil where each node that listens is found by its address.
    static func endpoints(_ folder: ClusterFolder) -> Finding? {
        broken(
            "addresses", folder.endpointProblems(),
            remedy: "move away what is no file; the process writes its address again within a second")
    }

    /// Nil where it runs, or none is wanted.
    static func supervisor(_ folder: ClusterFolder) -> Finding? {
        let up = "`martlet cluster up \(folder.option)` starts it"
        guard let supervisor = folder.supervisor else {
            guard folder.isUp, !folder.excludesSupervisor else { return nil }
            guard !folder.wasStarted || folder.runningNodes().isEmpty else {
                return .warning("supervisor", "none was started, as when `up` is cut off", remedy: up)
            }
            return .warning(
                "supervisor", "none is known of, as when `run` was removed, so nothing is started again",
                remedy: "`martlet cluster down \(folder.option)`, then `martlet cluster up \(folder.option)`")
        }
        if supervisor.isPaused {
            return .warning(
                "supervisor", "process \(supervisor.processID) is stopped, so nothing is started again",
                remedy: "`kill -CONT \(supervisor.processID)` lets it go on")
        }
        guard !supervisor.isAlive else { return nil }
        return .warning("supervisor", "it has ended, so nothing is started again", remedy: up)
    }

    /// Nil where every node has its key, or none was made yet.
    static func keys(_ folder: ClusterFolder) -> Finding? {
        let missing = folder.missingKeys()
        guard folder.isUp, !missing.isEmpty else { return nil }
        let verb = missing.count == 1 ? "is" : "are"
        return .broken(
            "keys", "\(missing.joined(separator: ", ")) \(verb) not in \(folder.keys.path)",
            remedy: "put back what was removed, or `martlet cluster down \(folder.option)`, after which `up` makes new "
                + "keys; what ends meanwhile cannot start again")
    }

    /// Nil where the state is there, or none was made yet.
    static func state(_ folder: ClusterFolder) -> Finding? {
        let coordinator = CoordinatorFolder(folder.data(of: NodeName.coordinator))
        let restore = "`martlet cluster restore \(folder.option) FOLDER`"
        if let obstacle = coordinator.stateObstacle {
            return .broken(
                "state", "\(coordinator.state.path) cannot be used: \(obstacle)",
                remedy: "move that away; where the state is gone with it, put a backup back, \(restore)")
        }
        guard coordinator.lacksState else { return nil }
        let isOpen = folder.processes()[NodeName.coordinator]?.isAlive == true
        return .broken(
            "state", "\(coordinator.state.path) is gone",
            remedy: isOpen
                ? "the coordinator still has it open, and cannot start again without it: make a backup before it ends, "
                    + "`martlet cluster backup \(folder.option) FOLDER`, take the cluster down and put it back, \(restore)"
                : "put a backup back, \(restore)")
    }
}
