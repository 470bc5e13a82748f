import Files
import Foundation
import Glibc

/// Starts a process that outlives the one that starts it.
enum ChildProcess {
    /// Starts `executable` in a session of its own, so that neither a closed terminal nor its Ctrl-C reaches it, with
    /// both outputs appended to `log`, no input, default signals and no descriptor of ours.
    static func start(
        _ executable: URL, arguments: [String], environment: [String: String], log: URL, node: String
    ) throws(LaunchError) -> ProcessRecord {
        let output: Int32
        do throws(FileError) {
            output = try RegularFile.open(log.path, O_WRONLY | O_CREAT | O_APPEND, to: .written)
        } catch {
            throw .cannotStart(node: node, reason: "its log \(error)")
        }
        defer { close(output) }
        var attributes = posix_spawnattr_t()
        try check("posix_spawnattr_init", posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        let flags = newSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
        try check("posix_spawnattr_setflags", posix_spawnattr_setflags(&attributes, flags))
        try check("posix_spawnattr_setsigmask", posix_spawnattr_setsigmask(&attributes, &none))
        try check("posix_spawnattr_setsigdefault", posix_spawnattr_setsigdefault(&attributes, &all))

        var actions = posix_spawn_file_actions_t()
        try check("posix_spawn_file_actions_init", posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        try check("open /dev/null", posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0))
        try check("dup2", posix_spawn_file_actions_adddup2(&actions, output, 1))
        try check("dup2", posix_spawn_file_actions_adddup2(&actions, output, 2))

        closeOthersOnExec()
        let argv = cStrings([executable.path] + arguments)
        defer { argv.forEach { free($0) } }
        let envp = cStrings(environment.map { "\($0.key)=\($0.value)" })
        defer { envp.forEach { free($0) } }
        var processID: pid_t = 0
        let outcome = posix_spawn(&processID, executable.path, &actions, &attributes, argv, envp)
        guard outcome == 0 else {
            throw .cannotStart(node: node, reason: "\(executable.path): \(String(cString: strerror(outcome)))")
        }
        // The child is ours and not waited for, so its entry in /proc exists even if it has ended already.
        guard let record = ProcessRecord(of: processID) else {
            throw .cannotStart(node: node, reason: "/proc/\(processID)/stat cannot be read; is /proc mounted?")
        }
        return record
    }

    /// `POSIX_SPAWN_SETSID` of `<spawn.h>`, which glibc shows to GNU programs only.
    private static let newSession: Int16 = 0x80

    /// A child that kept, say, the write end of a caller's pipe would keep that caller waiting for as long as it runs.
    private static func closeOthersOnExec() {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in open.compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
            let flags = fcntl(descriptor, F_GETFD)
            if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
        }
    }

    private static func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
    }

    private static func check(_ call: String, _ outcome: Int32) throws(LaunchError) {
        if outcome != 0 { throw .system(call: call, reason: String(cString: strerror(outcome))) }
    }
}
