import ClusterProtocol
import Foundation
import Glibc

/// A TCP port of this machine: whether it can be listened on and, if not, who has it.
package struct TCPPort: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Tries to take it. False where another socket has it, a listening one or one end of a connection; a host that is
    /// no address of this machine is for the process itself to complain about.
    package var isFree: Bool {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard let address = try? HostAddress(host)?.resolved().text,
            getaddrinfo(address, "\(port)", &hints, &found) == 0, let target = found?.pointee
        else { return true }
        defer { freeaddrinfo(found) }
        let descriptor = socket(target.ai_family, target.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { Glibc.close(descriptor) }
        // As servers do, so that connections of a server that just ended do not count as a server.
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        return Glibc.bind(descriptor, target.ai_addr, target.ai_addrlen) == 0 || errno != EADDRINUSE
    }
}
