package import Digests

/// Why content does not come whole from the coordinator's store onto a node's disk.
package enum ContentProblem: Error, Equatable, CustomStringConvertible {
    case missing(ContentDigest)
    /// The coordinator's own copy has another digest.
    case damaged(ContentDigest, found: ContentDigest)
    /// It became something else each time before it was on this node's disk.
    case changedOnTheWay(ContentDigest, node: String)
    /// The node's disk is full: the content comes when there is room.
    case noRoom(ContentDigest, node: String, folder: String)

    /// - Parameter received: the digests of what arrived. The connection is authenticated, so what comes twice as the
    ///   same wrong bytes was sent like that.
    package init(_ digest: ContentDigest, received: [ContentDigest], by node: String) {
        if let found = received.first, received.allSatisfy({ $0 == found }) {
            self = .damaged(digest, found: found)
        } else {
            self = .changedOnTheWay(digest, node: node)
        }
    }

    /// Whether the coordinator's store must be mended before anyone can have the content.
    package var isOfTheCoordinator: Bool {
        switch self {
        case .missing, .damaged: true
        case .changedOnTheWay, .noRoom: false
        }
    }

    package var description: String {
        switch self {
        case .missing(let digest): "content \(digest) is missing from the coordinator's store; \(Self.remedy)"
        case .damaged(let digest, let found):
            "content \(digest) in the coordinator's store is damaged, its bytes have the digest \(found); \(Self.remedy)"
        case .changedOnTheWay(let digest, let node):
            "content \(digest) was fetched twice, and its bytes were other ones each time when they were on the disk of "
                + "'\(node)': check the memory and the disk of that machine"
        case .noRoom(let digest, let node, let folder):
            "no room for content \(digest.short) on the disk of '\(node)': make room where \(folder) is"
        }
    }

    private static let remedy = "restore the coordinator from a backup, or train again what it belongs to"
}
