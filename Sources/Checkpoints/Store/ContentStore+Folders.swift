import Foundation

/// The folders of a store, which somebody may remove or put something else in the place of: each is made again when it
/// is written to.
extension ContentStore {
    /// Makes a folder of the store, unless it is there and can be used. What lies in its place gets another name beside it;
    /// one whose mode alone is in the way is opened. Returns whether it is new. Throws an obstacle for a link that leads
    /// nowhere: what it leads to may be a disk that is not mounted.
    @discardableResult
    static func makeFolder(_ folder: URL) throws -> Bool {
        // Without a slash at its end, with which it would mean what a link leads to.
        let path = folder.path
        if isUsable(path) { return false }
        var status = stat()
        if lstat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR, chmod(path, 0o700) == 0, isUsable(path) { return false }
            var target = stat()
            if status.st_mode & S_IFMT == S_IFLNK, stat(path, &target) != 0, errno == ENOENT {
                throw StoreError.obstacle(
                    path: path, found: "a link that leads nowhere: mount or make what it leads to")
            }
            if rmdir(path) != 0 { try renameAside(path) }
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return true
    }

    /// Takes away what lies where a content should: an empty folder and what is no folder is removed, anything else gets
    /// another name beside it, as it may be somebody's.
    static func moveAside(_ place: URL) throws {
        let path = place.path
        if unlink(path) == 0 || rmdir(path) == 0 || errno == ENOENT { return }
        try renameAside(path)
    }

    private static func renameAside(_ path: String) throws {
        guard Foundation.rename(path, "\(path).aside-\(UUID().uuidString.prefix(8))") == 0 else {
            throw StoredFile.failure("rename", path)
        }
    }

    /// Names in a folder; none where it is gone. Throws an obstacle where something else lies in its place.
    static func names(in folder: URL) throws(StoreError) -> [String] {
        let path = folder.path(percentEncoded: false)
        guard let stream = opendir(path) else {
            if errno == ENOENT { return [] }
            guard errno == ENOTDIR else { throw StoredFile.failure("open", path) }
            throw .obstacle(path: path, found: "no folder, and lies where one of contents should")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw StoredFile.failure("read", path) }
        return names
    }

    private static func isUsable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && access(path, R_OK | W_OK | X_OK) == 0
    }
}
