package import Foundation

extension URL {
    /// Where a path leads that stands in a file: below this user's home if it is `~` or begins with `~/`, as a shell has
    /// it, and below `folder` if it is relative. `./~` is a file of that name.
    package init(written path: String, in folder: URL, home: @autoclosure () -> URL = HomeFolder.of()) {
        let path = HomeFolder.expand(path, below: home())
        let root = folder.absoluteURL.path(percentEncoded: false)
        let whole = path.hasPrefix("/") ? path : root.hasSuffix("/") ? root + path : "\(root)/\(path)"
        self = URL(filePath: whole).standardizedFileURL
    }
}
