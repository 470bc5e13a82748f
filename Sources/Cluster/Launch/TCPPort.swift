import Foundation
import Glibc

/// A TCP port of this machine: whether it can be listened on and, if not, who listens there.
package struct TCPPort: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Tries to listen. False only where another socket listens; a host that is not an IPv4 address of this machine
    /// is for the process itself to complain about.
    package var isFree: Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1 else { return true }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { Glibc.close(descriptor) }
        // As servers do, so that connections of a server that just ended do not count as a server.
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let outcome = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return outcome == 0 || errno != EADDRINUSE
    }

    /// Process and command line of who listens there, as far as this user may see.
    package var owner: String {
        let inodes = ["/proc/net/tcp", "/proc/net/tcp6"].reduce(into: Set<String>()) { found, path in
            guard let table = FileManager.default.contents(atPath: path) else { return }
            found.formUnion(Self.listeners(on: port, in: String(decoding: table, as: UTF8.self)))
        }
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for process in processes.compactMap({ Int32($0) }) where Self.holds(process, anyOf: inodes) {
            let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            let command = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return "process \(process) (\(command.joined(separator: " ")))"
        }
        return "a process that this user may not look at"
    }

    /// Inodes of sockets that listen on `port`, from the text of `/proc/net/tcp` (proc(5): address in hexadecimal,
    /// state 0A is LISTEN, inode in column 10).
    static func listeners(on port: Int, in table: String) -> [String] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count > 9, columns[3] == "0A",
                let colon = columns[1].lastIndex(of: ":"),
                Int(columns[1][columns[1].index(after: colon)...], radix: 16) == port
            else { return nil }
            return String(columns[9])
        }
    }

    private static func holds(_ process: Int32, anyOf inodes: Set<String>) -> Bool {
        let folder = "/proc/\(process)/fd"
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return descriptors.contains { descriptor in
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)"),
                target.hasPrefix("socket:[")
            else { return false }
            return inodes.contains(String(target.dropFirst("socket:[".count).dropLast()))
        }
    }
}
