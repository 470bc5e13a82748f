import Foundation

/// What ranks that can open one another's memory have in common: the running kernel, the namespace of process numbers,
/// and the user.
package struct HostIdentity: Sendable, Hashable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static let current: HostIdentity = {
        let boot =
            (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? UUID().uuidString
        let namespace = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
        return HostIdentity("\(boot.trimmingCharacters(in: .whitespacesAndNewlines)) \(namespace) \(geteuid())")
    }()
}
