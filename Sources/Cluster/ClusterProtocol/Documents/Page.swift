import Foundation
import Wire

/// Lists that may be longer than a message are cut where they are made.
enum Page {
    /// Bytes of one page as JSON: a quarter of what a message holds, so that there is room for what is around it.
    static let bytes = WireLimits.documentBytes / 4

    /// As many of the first items as fit, but at least one: no list is without an end because of one large item.
    static func fitting<Item: Encodable>(_ items: [Item], bytes: Int = Page.bytes) throws -> ArraySlice<Item> {
        let encoder = ClusterJSON.encoder()
        var sum = 0
        for (place, item) in items.enumerated() {
            sum += try encoder.encode(item).count + 1
            if sum > bytes, place > 0 { return items[..<place] }
        }
        return items[...]
    }
}
