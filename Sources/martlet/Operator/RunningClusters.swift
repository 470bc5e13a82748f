import LocalCluster
import Foundation

/// The clusters of this machine, found by their processes: no list of them can be out of date.
enum RunningClusters {
    /// Data folders of those that this user may look at, by path.
    static func all() -> [ClusterFolder] {
        Set(ListedProcess.all().map(\.root)).sorted()
            .map { ClusterFolder(root: URL(filePath: $0, directoryHint: .isDirectory)) }.filter(\.isUp)
    }
}
