package import Foundation

extension URL {
    /// Where a path leads that stands in a file or on a command line: below this user's home if it is `~` or begins with
    /// `~/`, as a shell has it, and below `folder` if it is relative. `./~` is a file of that name.
    package init(written path: String, in folder: URL, home: @autoclosure () -> URL = HomeFolder.of()) {
        func below(_ folder: URL, _ rest: Substring) -> URL {
            // Foundation has another home folder: that of the system's list of users.
            let root = folder.absoluteURL.path(percentEncoded: false)
            return URL(filePath: root.hasSuffix("/") ? root + rest : "\(root)/\(rest)")
        }
        let url =
            if path.hasPrefix("/") {
                URL(filePath: path)
            } else if path == "~" || path.hasPrefix("~/") {
                below(home(), path.dropFirst(2))
            } else {
                below(folder, path[...])
            }
        self = url.standardizedFileURL
    }
}
