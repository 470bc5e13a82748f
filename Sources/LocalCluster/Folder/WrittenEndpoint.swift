import ClusterProtocol
import Foundation

/// What a node's endpoint file holds: the node writes its address there once it listens, in one rename, so anything else
/// is somebody else's doing.
package struct WrittenEndpoint: Sendable, Equatable {
    /// Of the file.
    static let longest = 4096

    /// Such as `tcp://127.0.0.1:7600` or `http://[::1]:8080`; nil where the file holds no such thing.
    package let address: String?

    init(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        address = Self.isAddress(text) ? text : nil
    }

    private static func isAddress(_ text: String) -> Bool {
        guard let scheme = ["tcp://", "http://"].first(where: text.hasPrefix), let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { return false }
        let host = text[..<colon].dropFirst(scheme.count)
        return HostAddress(String(host))?.beforePort == String(host)
    }
}
