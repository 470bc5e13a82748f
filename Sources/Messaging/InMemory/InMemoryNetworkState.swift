import DequeModule
import Dispatch
import Wire

/// Who is on an `InMemoryNetwork`, who is connected to whom, and what is under way.
struct InMemoryNetworkState {
    /// One end of every connection that is up, by the connection's number.
    struct Connection {
        let link: UInt64
        let listener: UInt64
        let linkCarrier: InMemoryLink
        let listenerCarrier: InMemoryListener
    }

    /// A connection that is no more.
    struct Loss {
        let number: UInt32
        let connection: Connection
        /// As it was; nil when it is the link that was closed.
        let link: InMemoryLinkState?
    }

    var nodes: [ObjectIdentifier: InMemoryNode] = [:]
    var links: [UInt64: InMemoryLinkState] = [:]
    /// By endpoint.
    var listeners: [String: InMemoryListenerState] = [:]
    private(set) var connections: [UInt32: Connection] = [:]
    var isolated: Set<String> = []
    var isLost: @Sendable (InMemoryNetwork.Transit) -> Bool = { _ in false }
    var inTransit: Deque<InMemoryPacket> = []
    /// Nanoseconds; moves only with manual delivery.
    var time: UInt64 = 0
    private var lastID: UInt64 = 0
    private var lastConnection: UInt32 = 0
    private var lastPort = 49_151

    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// `endpoint`, with a port of our choice where it asks for one.
    mutating func bindable(_ endpoint: String) -> String {
        guard endpoint.hasSuffix(":0") || endpoint.hasSuffix(":*") else { return endpoint }
        lastPort += 1
        return "\(endpoint.dropLast())\(lastPort)"
    }

    /// Returns the connections that are lost.
    mutating func refreshConnections(_ network: InMemoryNetwork) -> [Loss] {
        var lost: [Loss] = []
        for (number, connection) in connections {
            let link = links[connection.link]
            if let link, listener(for: link)?.id == connection.listener { continue }
            connections[number] = nil
            links[connection.link]?.connection = nil
            lost.append(Loss(number: number, connection: connection, link: link))
        }
        for (id, link) in links.sorted(by: { $0.key < $1.key }) where link.connection == nil {
            guard let listener = listener(for: link) else { continue }
            lastConnection += 1
            connections[lastConnection] = Connection(
                link: id, listener: listener.id, linkCarrier: link.carrier, listenerCarrier: listener.carrier)
            links[id]?.connection = lastConnection
            links[id]?.waiting = []
            for outgoing in link.waiting {
                let packet = InMemoryPacket(
                    link: id, connection: lastConnection, direction: .toListener, outgoing: outgoing)
                transmit(packet, network)
            }
        }
        return lost
    }

    /// The listener that `link` may talk to now. As with CURVE it must be the one that the link expects, and must
    /// admit the link's role.
    private func listener(for link: InMemoryLinkState) -> InMemoryListenerState? {
        guard let listener = listeners[link.endpoint], listener.node.identity == link.remote,
            listener.roles.contains(link.node.role), !isolated.contains(link.remote),
            !isolated.contains(link.node.identity)
        else { return nil }
        return listener
    }

    /// Takes a message back that waits for its link's connection. False where it does not.
    mutating func withdraw(_ messageID: UInt64, from link: UInt64) -> Bool {
        guard let index = links[link]?.waiting.firstIndex(where: { $0.messageID == messageID }) else { return false }
        links[link]?.waiting.remove(at: index)
        return true
    }

    /// The way to whom a request went; nil when the connection is no longer up.
    func path(
        to destination: ConnectionKey
    ) -> (link: UInt64, connection: UInt32, direction: InMemoryPacket.Direction)? {
        if let link = links[destination.channel] {
            return link.connection.map { (destination.channel, $0, .toListener) }
        }
        return connections[destination.connection].map { ($0.link, destination.connection, .toLink) }
    }

    /// Sends a message on its way, unless it gets lost.
    mutating func transmit(_ packet: InMemoryPacket, _ network: InMemoryNetwork) {
        guard let receiver = receiver(of: packet), let link = links[packet.link],
            let listener = listeners[link.endpoint]
        else { return }
        let sender = packet.direction == .toListener ? link.node : listener.node
        sender.statistics.sent(bytes: packet.outgoing.byteCount)
        if let message = try? packet.outgoing.decoded(),
            isLost(.init(sender: sender.identity, receiver: receiver.node.identity, message: message))
        {
            return
        }
        switch network.delivery {
        case .automatic: receiver.node.queue.async { network.arrive(packet) }
        case .manual: inTransit.append(packet)
        }
    }

    /// Nil when the connection is no longer up.
    func receiver(of packet: InMemoryPacket) -> InMemoryReceiver? {
        guard let connection = connections[packet.connection], let link = links[connection.link],
            let listener = listeners[link.endpoint]
        else { return nil }
        switch packet.direction {
        case .toLink: return .link(link)
        case .toListener:
            let number = listener.id << 32 | UInt64(packet.connection)
            return .listener(listener, Peer(name: link.node.identity, role: link.node.role, connection: number))
        }
    }
}

/// The end at which a message arrives.
enum InMemoryReceiver {
    case link(InMemoryLinkState)
    case listener(InMemoryListenerState, Peer)

    var node: InMemoryNode {
        switch self {
        case .link(let link): link.node
        case .listener(let listener, _): listener.node
        }
    }

    var carrier: any InMemoryCarrier {
        switch self {
        case .link(let link): link.carrier
        case .listener(let listener, _): listener.carrier
        }
    }

    /// The connection, as this end calls it.
    func key(of packet: InMemoryPacket) -> ConnectionKey {
        switch self {
        case .link: ConnectionKey(channel: packet.link, connection: 0)
        case .listener(let listener, _): ConnectionKey(channel: listener.id, connection: packet.connection)
        }
    }

    /// The name of the other end.
    var sender: String {
        switch self {
        case .link(let link): link.remote
        case .listener(_, let peer): peer.name
        }
    }
}
