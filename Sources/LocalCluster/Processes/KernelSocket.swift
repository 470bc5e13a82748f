/// A line of `/proc/net/tcp` (proc(5)): addresses in hexadecimal, then the state, and the inode in column 10.
struct KernelSocket: Equatable {
    var isListening: Bool
    /// One end of a connection that is open or being opened or closed, in use by a process.
    var isConnected: Bool
    /// The other end, as `host:port`.
    var remote: String
    var inode: String

    /// The sockets whose own port is `port`, from the text of the kernel's table.
    static func sockets(on port: Int, in table: String) -> [KernelSocket] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count > 9, Self.port(columns[1]) == port, let remotePort = Self.port(columns[2]) else {
                return nil
            }
            let isListening = columns[3] == "0A"
            let inode = String(columns[9])
            return KernelSocket(
                isListening: isListening,
                // A closed one that only waits for stray packets belongs to no process any more, and is in no one's way.
                isConnected: !isListening && inode != "0", remote: "\(host(columns[2])):\(remotePort)", inode: inode)
        }
    }

    private static func port(_ address: Substring) -> Int? {
        address.lastIndex(of: ":").flatMap { Int(address[address.index(after: $0)...], radix: 16) }
    }

    /// An IPv4 address is written as one number of the machine's own byte order; of IPv6 addresses the digits are left.
    private static func host(_ address: Substring) -> String {
        let digits = address.prefix { $0 != ":" }
        guard digits.utf8.count == 8, let number = UInt32(digits, radix: 16) else { return "[\(digits)]" }
        return withUnsafeBytes(of: number) { $0.map(String.init).joined(separator: ".") }
    }
}
