import Files
package import Foundation

/// The text of a YAML file. It is read once: what comes through a pipe is gone then.
package struct YAMLSource: Sendable {
    /// Larger than any file that a person writes.
    package static let maximumBytes = 1 << 20

    package let text: String
    /// Names the file in errors.
    package let path: String
    /// Where relative paths in it begin: at the file's folder, or at the working folder where it comes through a pipe.
    package let folder: URL

    /// Throws `YAMLError` if the file cannot be read or is not UTF-8.
    package init(_ url: URL) throws(YAMLError) {
        path = url.path(percentEncoded: false)
        let bytes: [UInt8]
        do {
            bytes = try InputFile.bytes(of: path, limit: Self.maximumBytes)
        } catch {
            throw Self.failure(path, "the file cannot be read: \(error.reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.failure(path, "the file is not UTF-8")
        }
        self.text = text
        folder =
            Self.isStream(url)
            ? URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
            : url.absoluteURL.deletingLastPathComponent()
    }

    /// Whether a path leads to a pipe or to an open file such as standard input, which has no folder of its own and may
    /// not be there for anybody else.
    package static func isStream(_ url: URL) -> Bool {
        let path = url.path(percentEncoded: false)
        if path.hasPrefix("/dev/") || path.hasPrefix("/proc/") { return true }
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    private static func failure(_ path: String, _ message: String) -> YAMLError {
        YAMLError(
            file: path, problems: [YAMLProblem(place: .file(line: 1, column: 1), path: "", message: message)])
    }
}
