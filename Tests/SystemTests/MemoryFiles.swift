import Foundation

/// The memory files without a name that processes of this machine hold, as /proc shows them.
enum MemoryFiles {
    private static let name = "/memfd:martlet"

    /// Inodes of what a process has mapped.
    static func mapped(by process: Int32) -> Set<UInt64> {
        let maps = (try? String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8)) ?? ""
        // address, permissions, offset, device, inode, path
        return Set(
            maps.split(separator: "\n").filter { $0.contains(name) }.compactMap { line in
                UInt64(line.split(separator: " ", omittingEmptySubsequences: true)[4])
            })
    }

    /// Inodes of what a process has a descriptor of.
    static func open(by process: Int32) -> Set<UInt64> {
        let folder = "/proc/\(process)/fd"
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            descriptors.compactMap { descriptor in
                let path = "\(folder)/\(descriptor)"
                var status = stat()
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
                    target.hasPrefix(name), stat(path, &status) == 0
                else { return nil }
                return UInt64(status.st_ino)
            })
    }

    /// Processes that keep one of these alive.
    static func holders(of inodes: Set<UInt64>) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { process in
            !inodes.isDisjoint(with: mapped(by: process).union(open(by: process)))
        }
    }

    /// Whatever shared memory has names.
    static var named: Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? [])
    }
}
