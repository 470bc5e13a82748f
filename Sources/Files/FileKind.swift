package import Glibc

/// What a file of the system is, in words for messages.
package enum FileKind {
    /// - Parameter mode: `st_mode` of its status.
    package static func name(of mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFREG: "a file"
        case S_IFDIR: "a folder"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }
}
