import Synchronization

/// The ids under which requests appear in logs and in their answers.
final class RequestIdentity: Sendable {
    static let maximumLength = 128

    /// Tells this run of this gateway from others.
    private let prefix = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) + "-"
    private let count = Atomic<UInt64>(0)

    /// The caller's own id where it can stand in a header and a log line, a new one elsewhere.
    func identity(_ header: String?) -> String {
        guard let header, !header.isEmpty, header.utf8.count <= Self.maximumLength,
            header.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return prefix + String(count.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16) }
        return header
    }
}
