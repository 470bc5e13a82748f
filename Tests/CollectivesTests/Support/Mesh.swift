import Collectives
import CollectivesTestKit
import Logging
import Messaging
import Synchronization
import Wire

/// Ranks in one process that are connected as those of a cluster are: over TCP, encrypted.
final class Mesh: Sendable {
    /// What a listener hands frames to, once it is there.
    private final class Seat: Sendable {
        let group = Mutex<ProcessGroup?>(nil)
    }

    let ensemble: Ensemble
    private let messengers: [ZeroMQMessenger]

    init(ranks: Int, tuning: Tuning) throws {
        let names = (0..<ranks).map { "worker-\($0)" }
        let keys = names.map { _ in KeyPair.generate() }
        let keyring = try Keyring(
            zip(names, keys).map { Keyring.Entry(name: $0, role: .worker, publicKey: $1.publicKey) })
        var limits = MessagingLimits()
        limits.encryptionThreads = tuning.streams
        let messengers = try zip(names, keys).map { name, keys in
            try ZeroMQMessenger(
                identity: name, keys: keys, keyring: keyring,
                logger: Logger(label: name) { _ in SwiftLogNoOpLogHandler() }, limits: limits)
        }
        let seats = names.map { _ in Seat() }
        let listeners = try zip(messengers, seats).map { messenger, seat in
            try messenger.bind("tcp://127.0.0.1:0", admitting: [.worker]) { _, message in
                guard case .tensorSegment(let segment) = message.envelope.body else { return }
                seat.group.withLock { $0 }?.deliver(segment, message.frames[0])
            }
        }
        let tree = SliceTree(slices: ranks)
        let groups = try (0..<ranks).map { rank in
            let links = try (0..<ranks).map { peer in
                try (0..<(peer == rank ? 0 : tuning.streams)).map { _ in
                    try messengers[rank].connect(to: listeners[peer].endpoint, remote: names[peer]) { _ in }
                }
            }
            return ProcessGroup(
                id: 1, rank: rank, names: names, shares: tree.shares(ranks: ranks), tree: tree, tuning: tuning,
                transport: LinkTransport(links: links))
        }
        for (seat, group) in zip(seats, groups) { seat.group.withLock { $0 = group } }
        self.messengers = messengers
        ensemble = Ensemble(groups)
    }

    func close() async {
        for messenger in messengers { await messenger.shutdown() }
    }
}
