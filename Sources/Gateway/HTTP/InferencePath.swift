import Foundation

/// `/v2/models/{model}[/versions/{version}]/infer`, the path that nearly all requests have.
struct InferencePath: Equatable {
    let model: String
    /// A number or an alias; nil: the alias that answers requests which name none.
    let version: String?

    /// Nil where `uri` is another path.
    init?(_ uri: String) {
        guard uri.hasPrefix("/v2/models/") else { return nil }
        let path = uri.prefix { $0 != "?" }
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
        guard parts.last == "infer" else { return nil }
        switch parts.count {
        case 4: version = nil
        case 6 where parts[3] == "versions": version = Self.name(parts[4])
        default: return nil
        }
        model = Self.name(parts[2])
    }

    private static func name(_ part: Substring) -> String {
        part.utf8.contains(UInt8(ascii: "%")) ? part.removingPercentEncoding ?? String(part) : String(part)
    }
}
