import Files
import Foundation

/// The files of a SQLite database, before it opens them: it would wait without end for a pipe in their place, and take a
/// folder there for a disk that fails.
enum DatabaseFile {
    private static let endings = ["", "-wal", "-shm", "-journal"]

    /// What stands where a file of the database at `path` belongs; nil where there is a file or nothing.
    static func obstacle(at path: String) -> StateObstacle? {
        for ending in endings {
            var status = stat()
            guard stat(path + ending, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { continue }
            let name = ending.isEmpty ? "it" : URL(filePath: path + ending).lastPathComponent
            return .noFile("\(name) is \(FileKind.name(of: status.st_mode)), expected a file")
        }
        return nil
    }
}
