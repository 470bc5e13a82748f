import Foundation

/// How many connections the descriptors of the process allow.
enum DescriptorBudget {
    /// For links to nodes, files and event loops.
    static let others = 96

    /// Connections that there may be even where fewer fit: the others seldom need all of theirs, and where descriptors are
    /// short after all, idle connections make room.
    static let least = 16

    /// `wanted` connections beside `reserve`, or as many as fit.
    static func connections(_ wanted: Int, reserve: Int, descriptors: Int) -> Int {
        max(1, min(wanted, max(least, descriptors - others - reserve)))
    }

    /// What `ulimit -n` says, nil where the system does not.
    static var descriptors: Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_cur)
    }
}
