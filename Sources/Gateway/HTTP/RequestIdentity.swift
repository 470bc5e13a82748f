/// The id under which a request appears in logs and in its answer.
enum RequestIdentity {
    static let maximumLength = 128

    /// The caller's own id where it can stand in a header and a log line, a new one elsewhere.
    static func identity(_ header: String?) -> String {
        guard let header, !header.isEmpty, header.utf8.count <= maximumLength,
            header.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return String(UInt64.random(in: 1 ... .max), radix: 16) }
        return header
    }
}
