import Glibc

/// How the bytes of an output come to where its path leads. Decided before anything is written.
enum OutputTarget: Equatable {
    /// A file beside `path` takes them and is then renamed to it: whoever reads sees the old bytes or the new ones.
    ///
    /// `mode` is that of the file in whose place it comes, nil where there is none.
    case replace(path: String, mode: mode_t?)
    /// What is there is opened and written to: a pipe, a device, or a file that is more than its name (one with other
    /// names, one of another user, one that a link names before it exists).
    case through
    /// Standard output itself, under another name: opened anew it would be written over from its beginning.
    case standardOutput

    init(_ path: String) throws(FileError) {
        var found = stat()
        guard stat(path, &found) == 0 else {
            guard errno == ENOENT else { throw FileError(path, .written, errno: errno) }
            var link = stat()
            self = lstat(path, &link) == 0 ? .through : .replace(path: path, mode: nil)
            return
        }
        guard found.st_mode & S_IFMT != S_IFDIR else {
            throw FileError(path, .written, reason: "it is a folder, expected a file")
        }
        var output = stat()
        let isOutput =
            fstat(STDOUT_FILENO, &output) == 0 && output.st_dev == found.st_dev && output.st_ino == found.st_ino
        if isOutput {
            self = .standardOutput
        } else if found.st_mode & S_IFMT == S_IFREG, found.st_nlink == 1, found.st_uid == geteuid(),
            let resolved = realpath(path, nil)
        {
            defer { free(resolved) }
            self = .replace(path: String(cString: resolved), mode: found.st_mode & 0o7777)
        } else {
            self = .through
        }
    }
}
