package import Foundation

/// Where this user's own files are.
package enum HomeFolder {
    /// What `HOME` says, as for other programs; without it what the system's list of users says.
    package static func of(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL {
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            return FileManager.default.homeDirectoryForCurrentUser
        }
        return URL(filePath: home, directoryHint: .isDirectory)
    }

    /// A path that a person wrote, ready to be opened: `~` and what begins with `~/` is below this user's home, as a shell
    /// has it where it looks at the path. For every path of a command line, which comes here in quotes or behind `=`.
    package static func expand(_ path: String) -> String { expand(path, below: of()) }

    /// The same with another home.
    static func expand(_ path: String, below home: @autoclosure () -> URL) -> String {
        guard path.hasPrefix("~") else { return path }
        // Foundation would take it for the home of somebody of that name.
        guard path == "~" || path.hasPrefix("~/") else { return "./\(path)" }
        // Foundation has another home folder for `~`: that of the system's list of users.
        let root = home().absoluteURL.path(percentEncoded: false)
        let rest = path.dropFirst(2)
        return rest.isEmpty || root.hasSuffix("/") ? root + rest : "\(root)/\(rest)"
    }
}
