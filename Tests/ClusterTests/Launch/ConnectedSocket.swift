import Foundation

@testable import LocalCluster

/// Connected to a port of 127.0.0.1, from one that the system chose, until it is let go of.
final class ConnectedSocket: Sendable {
    let localPort: Int
    private let descriptor: Int32

    init(to port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let outcome = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, length) + getsockname(descriptor, $0, &length)
            }
        }
        guard outcome == 0 else { throw LaunchError.system(call: "connect", reason: String(cString: strerror(errno))) }
        localPort = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}
