package import ClusterProtocol
import Foundation
import Glibc

extension HostAddress {
    /// The address behind a name, one of IPv4 if it has any; an address is its own. Asks the system, and blocks.
    package func resolved() throws(LaunchError) -> HostAddress {
        if isIPv4 || isIPv6 { return self }
        for family in [AF_INET, AF_INET6] {
            var hints = addrinfo()
            hints.ai_family = family
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(text, nil, &hints, &found) == 0, let first = found else { continue }
            defer { freeaddrinfo(found) }
            var name = [CChar](repeating: 0, count: 64)
            let outcome = getnameinfo(
                first.pointee.ai_addr, first.pointee.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
            let numeric = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if outcome == 0, let address = HostAddress(numeric) { return address }
        }
        throw .unknownHost(text)
    }
}
