package import ClusterProtocol
package import Foundation
import Glibc
package import Wire

/// Which programs a worker may start for a launch. Nothing, unless its configuration says otherwise: whoever may start
/// a program here may do whatever the worker's user may.
package struct LaunchPermission: Sendable {
    /// The worker's name, for errors.
    private let worker: String
    /// Folders in which the programs must lie.
    private let allowed: [URL]

    package init(worker: String, allowed: [URL]) {
        self.worker = worker
        self.allowed = allowed
    }

    /// The program's real path, after all links. Throws `Failure` that says what stands against it, and where to allow
    /// it.
    @discardableResult
    package func executable(of command: RankCommand) throws(Failure) -> String {
        guard !allowed.isEmpty else {
            throw Failure(
                .permissionDenied,
                "\(worker) may not start \(command.executable): its cluster allows no launches; set "
                    + "launch: { allow: [FOLDER] } in the cluster file to the folder of the program, then take the "
                    + "cluster down and up again")
        }
        guard command.executable.hasPrefix("/"), let path = Self.resolve(command.executable) else {
            throw Failure(
                .notFound,
                "\(worker) has no file \(command.executable); the program must be at the same path on every machine")
        }
        let folders = allowed.compactMap { Self.resolve($0.path(percentEncoded: false)) }
        guard folders.contains(where: { path.hasPrefix($0 == "/" ? $0 : $0 + "/") }) else {
            throw Failure(
                .permissionDenied,
                "\(worker) may not start \(path): launch.allow in the cluster file has only "
                    + "\(allowed.map { $0.path(percentEncoded: false) }.joined(separator: ", "))")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
            access(path, X_OK) == 0
        else { throw Failure(.failedPrecondition, "\(path) is no program that \(worker) can execute") }
        return path
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
