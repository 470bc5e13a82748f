import ClusterProtocol
import Collectives
import Foundation
import Logging
import Messaging
import Synchronization
import Threads
import Wire

/// A launched rank's listener and its links to the other ranks.
///
/// The key pair lives in memory only and as long as the process. The listener admits nobody until the roster is here,
/// and then exactly the keys of the roster.
final class RankConnections: Sendable {
    private let messenger: ZeroMQMessenger
    private let roster: GroupRoster
    private let listener: any Listener
    private let members: [LaunchRoster.Rank]
    private let rank: Int
    private let state = Mutex(State())

    private struct State {
        /// Names the group of one run on the wire; all ranks count alike.
        var lastGroup: UInt64 = 0
        /// Of the run at hand.
        var peers: PeerLinks?
    }

    /// Longer than the slowest rank needs to start.
    private static let farewell: Duration = .seconds(5)

    init(_ place: LaunchEnvironment) async throws {
        let keys = KeyPair.generate()
        let logger = Logger(label: "rank", factory: { _ in SwiftLogNoOpLogHandler() })
        messenger = try ZeroMQMessenger(
            identity: "rank-\(place.rank)", keys: keys, keyring: try Keyring([]), logger: logger,
            limits: .largeFrames)
        roster = GroupRoster()
        listener = try roster.listen("tcp://\(place.host):0", messenger: messenger)
        let address = RankAddress(publicKey: keys.publicKey, endpoint: listener.endpoint)
        let launch = try await NamedThread.run("meet ranks") { try LaunchChannel(place.channel).exchange(address) }
        guard launch.ranks.count == place.worldSize, launch.ranks[place.rank].address == address else {
            throw TrainerError.launch(
                "the roster of \(launch.ranks.count) ranks does not have it as rank \(place.rank)")
        }
        members = launch.ranks
        rank = place.rank
        messenger.use(
            try Keyring(
                launch.ranks.map {
                    Keyring.Entry(name: $0.node, role: .worker, publicKey: $0.address.publicKey)
                }))
    }

    /// Meets the other ranks in a group of their own.
    func enter(_ tree: SliceTree) async throws -> ProcessGroup {
        let number = state.withLock { state in
            state.lastGroup += 1
            return state.lastGroup
        }
        let shares = tree.shares(ranks: members.count)
        let peers = try PeerLinks(
            group: number, rank: rank,
            members: members.map { GroupMember(name: $0.node, endpoint: $0.address.endpoint) }, messenger: messenger)
        let group = ProcessGroup(
            id: number, rank: rank, names: members.map(\.node), shares: shares, tree: tree,
            transport: LinkTransport(links: peers.links))
        roster.enter(.init(id: number, names: group.names) { group.deliver($0, $1) })
        state.withLock { $0.peers = peers }
        try await peers.greet()
        return group
    }

    /// Lets the others take what was sent before this rank goes: messages of one link arrive in order, so one that is
    /// answered is behind all of them.
    func leave(_ group: ProcessGroup) async {
        await state.withLock { $0.peers }?.takeLeave(within: Self.farewell)
        abandon(group)
    }

    /// Closes the links to the others, whatever they still wait for.
    func abandon(_ group: ProcessGroup) {
        roster.leave(group.id)
        let peers = state.withLock { state in
            defer { state.peers = nil }
            return state.peers
        }
        peers?.close()
    }
}
