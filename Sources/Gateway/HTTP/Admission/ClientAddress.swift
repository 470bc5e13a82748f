import Foundation
import NIOCore

/// Whom the limits of one client are counted for: an IPv4 address, or the /64 of IPv6 that a client has to itself.
enum ClientAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(network: UInt64)
    /// Of this machine, without an address.
    case local

    init(_ address: SocketAddress?) {
        switch address {
        case .v4(let address): self = .v4(address.address.sin_addr.s_addr)
        case .v6(let address):
            self = withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
                // An IPv4 address inside of one of IPv6 is the same client as without.
                return bytes.starts(with: mapped)
                    ? .v4(bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
                    : .v6(network: bytes.loadUnaligned(as: UInt64.self))
            }
        case .unixDomainSocket, nil: self = .local
        }
    }
}
