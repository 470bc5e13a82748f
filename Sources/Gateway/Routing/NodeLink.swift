import ClusterProtocol
import Messaging
import Wire

/// The link to one inference node. Belongs to the dispatcher, whose lock guards what changes.
final class NodeLink: @unchecked Sendable {
    let node: RoutingTable.Node
    let link: any Link
    /// Requests that wait for an answer over this link.
    var open = OpenRequests()
    /// A probe is under way.
    var isProbed = false

    init(node: RoutingTable.Node, link: any Link) {
        self.node = node
        self.link = link
    }

    /// What comes of asking the node whether it lives.
    enum Sign {
        /// An answer, whatever it says.
        case answer
        case silence
        /// There is no connection, or none any more: its requests have heard that already. Or this task has ended.
        case nothing
    }

    /// Asks the node whether it lives. Where the connection is down now, that is also whether it comes back in time.
    func probe(within time: Duration) async -> Sign {
        do {
            _ = try await link.request(Message(.probe), timeout: time)
            return .answer
        } catch is Failure {
            return .answer
        } catch MessagingError.timedOut {
            return .silence
        } catch {
            return .nothing
        }
    }
}
