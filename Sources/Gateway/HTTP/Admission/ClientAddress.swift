import Foundation
import NIOCore

/// Whom the limits of one client are counted for: an IPv4 address, or the /64 of IPv6 that a client has to itself.
struct ClientAddress: Hashable, Sendable {
    private let network: [UInt8]

    init(_ address: SocketAddress?) {
        let bytes = address.map { $0.withSockAddr { UnsafeRawBufferPointer(start: $0, count: $1).map { $0 } } } ?? []
        switch address {
        case .v4: network = Array(bytes[4..<8])
        case .v6: network = Self.network(Array(bytes[8..<24]))
        case .unixDomainSocket, nil: network = []
        }
    }

    /// An IPv4 address inside of one of IPv6 is the same client as without.
    private static func network(_ address: [UInt8]) -> [UInt8] {
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
        return Array(address.starts(with: mapped) ? address[12...] : address[..<8])
    }
}
