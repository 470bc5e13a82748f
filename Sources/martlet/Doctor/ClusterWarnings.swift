import Cluster
import Foundation

/// What is wrong with a cluster that none of its nodes says of itself: seen in its folder, on this machine.
enum ClusterWarnings {
    static func all(in folder: ClusterFolder) -> [Finding] { [supervisor(folder), state(folder)].compactMap(\.self) }

    /// Nil where it runs, or none was started.
    static func supervisor(_ folder: ClusterFolder) -> Finding? {
        guard let supervisor = folder.supervisor, !supervisor.isAlive else { return nil }
        return .warning(
            "supervisor", "it has ended, so nothing is started again",
            remedy: "`martlet cluster up \(folder.option)` starts it")
    }

    /// Nil where the state is there, or none was made yet.
    static func state(_ folder: ClusterFolder) -> Finding? {
        let coordinator = CoordinatorFolder(folder.data(of: NodeName.coordinator))
        guard coordinator.lacksState else { return nil }
        let restore = "`martlet cluster restore \(folder.option) FOLDER`"
        let isOpen = folder.processes()[NodeName.coordinator]?.isAlive == true
        return .broken(
            "state", "\(coordinator.state.path) is gone",
            remedy: isOpen
                ? "the coordinator still has it open, and cannot start again without it: make a backup before it ends, "
                    + "`martlet cluster backup \(folder.option) FOLDER`, take the cluster down and put it back, \(restore)"
                : "put a backup back, \(restore)")
    }
}
