import Foundation

extension TCPPort {
    /// Who has the port, as far as this user may see: a process that listens there, or one whose connection to somewhere
    /// else began there, which the system lets no one listen beside.
    package var owner: String {
        let sockets = Self.sockets(on: port)
        let listeners = sockets.filter(\.isListening)
        if !listeners.isEmpty {
            return Self.process(holding: listeners) ?? "a process that this user may not look at"
        }
        guard let connection = sockets.first(where: \.isConnected) else {
            return "a socket that was gone when its process was looked for"
        }
        let process = Self.process(holding: [connection]) ?? "a process that this user may not look at"
        return "a connection from there to \(connection.remote) of \(process), which listens on another port or on none"
    }

    private static func sockets(on port: Int) -> [KernelSocket] {
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path in
            // `FileManager.contents` ends with the first page of such a file, which says that it has no bytes.
            let bytes = (try? FileHandle(forReadingFrom: URL(filePath: path)).readToEnd()) ?? Data()
            return KernelSocket.sockets(on: port, in: String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Process and command line of the oldest that has any of `sockets` open: a child that is being started has all
    /// that its parent has open until it has become itself.
    private static func process(holding sockets: [KernelSocket]) -> String? {
        let inodes = Set(sockets.map(\.inode))
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let holders = processes.compactMap { Int32($0) }.filter { holds($0, anyOf: inodes) }.compactMap { holder in
            ProcessStat(of: holder).map { (start: $0.startTicks, process: holder) }
        }
        let oldest = holders.min { ($0.start, $0.process) < ($1.start, $1.process) }
        guard let process = oldest?.process else { return nil }
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        let command = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return "process \(process) (\(command.joined(separator: " ")))"
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
