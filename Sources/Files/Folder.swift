package import Foundation

/// Folders that programs make for their files.
package enum Folder {
    /// Makes a folder, and those that it lies in, unless they are there. Throws a `FileError` that names what lies in the
    /// place of one of them.
    ///
    /// - Parameter mode: of those that are made.
    package static func make(_ folder: URL, mode: Int? = nil) throws {
        var attributes: [FileAttributeKey: Any] = [:]
        if let mode { attributes[.posixPermissions] = mode }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: attributes)
        } catch {
            guard let found = firstObstacle(on: folder) else { throw error }
            throw found
        }
    }

    /// What lies in the place of a folder; nil where it is one, or nothing is there.
    package static func obstacle(at path: String) -> FileError? {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else { return nil }
            return FileError(
                path, .usedAsFolder, reason: "it is \(FileKind.name(of: status.st_mode)), expected a folder")
        }
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return nil }
        return FileError(path, .usedAsFolder, reason: "it is a link that leads nowhere, expected a folder")
    }

    /// The first one on the way from the root of the file system.
    private static func firstObstacle(on folder: URL) -> FileError? {
        var path = ""
        for component in folder.absoluteURL.standardizedFileURL.pathComponents where component != "/" {
            path += "/\(component)"
            if let found = obstacle(at: path) { return found }
        }
        return nil
    }
}
