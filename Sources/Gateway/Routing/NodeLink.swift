import Cluster
import Messaging

/// The link to one inference node. Belongs to the dispatcher, whose lock guards the count.
final class NodeLink: @unchecked Sendable {
    let node: RoutingTable.Node
    let link: any Link
    /// Requests that wait for an answer over this link.
    var inFlight = 0

    init(node: RoutingTable.Node, link: any Link) {
        self.node = node
        self.link = link
    }
}
