package import JobProtocol

/// Why a backup was not made, or not put back. Nothing of the cluster has been changed.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    case targetExists(String)
    case noParent(String)
    /// Within the cluster's data folder.
    case targetInside(String, folder: String)
    case nothingToBackUp(folder: String)
    case notThere(String)
    case notABackup(String, missing: String)
    /// One of its files is not what it should be.
    case damaged(file: String, reason: String, remedy: String)
    /// Contents that the state needs are not there or damaged, or others are damaged.
    case backupLacks(String, [ContentGap])
    /// The same of the cluster that is to be backed up.
    case clusterLacks(String, [ContentGap])
    case coordinatorRuns(folder: String)
    case anotherBackup(folder: String)
    case fileSystem(String)

    package var description: String {
        switch self {
        case .targetExists(let path): "\(path) exists already; name a folder that is not there yet"
        case .noParent(let path): "the folder that \(path) should lie in is not there; make it first"
        case .targetInside(let path, let folder):
            "\(path) lies in \(folder), the cluster's own folder, and would be lost with it; name a folder elsewhere, "
                + "at best on another disk"
        case .nothingToBackUp(let folder): "\(folder) holds no state: the cluster has never been up"
        case .notThere(let path): "there is no folder \(path); `martlet cluster backup FOLDER` makes one"
        case .notABackup(let path, let missing):
            "\(path) is not a backup of a cluster: it has no \(missing); "
                + "`martlet cluster backup FOLDER` makes one"
        case .damaged(let file, let reason, let remedy):
            "\(file) is damaged, or nothing that martlet wrote, and was left alone: \(reason); \(remedy)"
        case .backupLacks(let path, let gaps):
            "\(path) is damaged and was left alone: \(ContentGap.words(gaps)). Take another backup"
        case .clusterLacks(let path, let gaps):
            "no backup was made, as the store in \(path) is not whole: \(ContentGap.words(gaps)). "
                + "What to do: \(ContentGap.remedy(gaps))"
        case .coordinatorRuns(let folder):
            "a coordinator runs on \(folder); end it first: martlet cluster down -f FILE"
        case .anotherBackup(let folder): "another backup of \(folder) is being made; try again when it is done"
        case .fileSystem(let reason): reason
        }
    }
}
