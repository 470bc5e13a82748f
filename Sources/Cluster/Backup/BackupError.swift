/// Why a backup was not made, or not put back. Nothing of the cluster has been changed.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    case targetExists(String)
    case noParent(String)
    case nothingToBackUp(folder: String)
    case notABackup(String, missing: String)
    case damaged(String, reason: String)
    case coordinatorRuns(folder: String)
    case fileSystem(String)

    package var description: String {
        switch self {
        case .targetExists(let path): "\(path) exists already; name a folder that is not there yet"
        case .noParent(let path): "the folder that \(path) should lie in is not there; make it first"
        case .nothingToBackUp(let folder): "\(folder) holds no state: the cluster has never been up"
        case .notABackup(let path, let missing):
            "\(path) is not a backup of a cluster: it has no \(missing); "
                + "`martlet cluster backup FOLDER` makes one"
        case .damaged(let path, let reason): "\(path) is damaged and was left alone: \(reason)"
        case .coordinatorRuns(let folder):
            "a coordinator runs on \(folder); end it first: martlet cluster down -f FILE"
        case .fileSystem(let reason): reason
        }
    }
}
