import Foundation

/// The path of a request, taken apart.
enum RequestPath {
    /// The names of a path, without the slashes between them and without the query, which is of no meaning here.
    static func parts(_ uri: String) -> [String] {
        let slash = UInt8(ascii: "/")
        var rest = uri.utf8.prefix { $0 != UInt8(ascii: "?") }
        var parts: [String] = []
        // As many as most routes have.
        parts.reserveCapacity(6)
        while let start = rest.firstIndex(where: { $0 != slash }) {
            let part = rest[start...].prefix { $0 != slash }
            parts.append(name(Substring(part)))
            rest = rest[part.endIndex...]
        }
        return parts
    }

    private static func name(_ part: Substring) -> String {
        part.utf8.contains(UInt8(ascii: "%")) ? part.removingPercentEncoding ?? String(part) : String(part)
    }
}
