import Foundation
import Glibc

/// A host as people name it: an address of IPv4 or IPv6, the latter with or without brackets, or a name.
package struct HostAddress: Sendable, Equatable {
    /// Without brackets.
    package let text: String

    /// Nil when it can be none of the three.
    package init?(_ text: String) {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        let isName = bare.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._".utf8.contains(byte)
        }
        // What looks like an address of IPv4 is one, or a mistake in one.
        let isNumbers = bare.utf8.allSatisfy { $0 < UInt8(ascii: ":") }
        let isAddress = Self.isIPv4(bare) || Self.isIPv6(bare)
        guard !bare.isEmpty, bare.utf8.count <= 253, isAddress || (isName && !isNumbers && text == bare) else {
            return nil
        }
        self.text = bare
    }

    package var isIPv4: Bool { Self.isIPv4(text) }
    package var isIPv6: Bool { Self.isIPv6(text) }

    /// As it stands before a port, in a URL or a ZeroMQ endpoint.
    package var beforePort: String { isIPv6 ? "[\(text)]" : text }

    /// Only this machine reaches it.
    package var isLoopback: Bool {
        text.hasPrefix("127.") || text == "localhost" || number(AF_INET6) == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Every interface of the machine that listens there, and no address to be reached at.
    package var isUnspecified: Bool {
        number(AF_INET)?.allSatisfy { $0 == 0 } ?? number(AF_INET6)?.allSatisfy { $0 == 0 } ?? false
    }

    private func number(_ family: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    private static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    private static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }
}
