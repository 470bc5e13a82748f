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
}
