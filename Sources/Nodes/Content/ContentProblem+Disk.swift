import ClusterProtocol
import Checkpoints
import Digests
import Foundation

extension ContentProblem {
    /// The error that ends a fetch into a folder of the node: of a full disk a problem that says where to make room, any
    /// other as it is.
    static func explaining(
        _ error: any Error, of digest: ContentDigest, on node: String, in folder: URL
    ) -> any Error {
        guard DiskSpace.isUsedUp(error) else { return error }
        return Self.noRoom(digest, node: node, folder: folder.path(percentEncoded: false))
    }

    /// Whether the error says that this node's disk has no room.
    static func isOfNoRoom(_ error: any Error) -> Bool {
        if case ContentProblem.noRoom = error { true } else { DiskSpace.isUsedUp(error) }
    }
}
