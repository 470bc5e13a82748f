import ArgumentParser
import ClusterProtocol
import LocalCluster
import Collectives
import Foundation
import Logging
import Messaging
import Threads

/// One rank of `martlet bench allreduce`; started by it.
struct BenchRankCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rank",
        abstract: "One rank of the all-reduce benchmark.",
        discussion: "Started by `martlet bench allreduce`, which makes the keys and the folder.",
        shouldDisplay: false)

    @Option var rank: Int
    @Option var ranks: Int
    @Option var folder: String
    @OptionGroup var path: BenchPath

    func validate() throws {
        try OptionBounds.check(ranks, of: "--ranks", in: 2...ClusterFile.largest)
        try OptionBounds.check(rank, of: "--rank", in: 0...ranks - 1)
    }

    private static let groupID: UInt64 = 1
    static func name(ofRank rank: Int) -> String { "worker-\(rank)" }

    func run() async throws {
        let folder = URL(filePath: folder)
        let names = (0..<ranks).map(Self.name)
        var limits = MessagingLimits.largeFrames
        limits.encryptionThreads = path.streams
        let messenger = try ZeroMQMessenger(
            identity: names[rank], keys: KeyPair(contentsOf: folder.appending(path: "\(names[rank]).key")),
            keyring: Keyring(contentsOf: ClusterFolder.keyring(in: folder)), logger: Logger(label: names[rank]),
            limits: limits)
        let roster = GroupRoster()
        let listener = try roster.listen("tcp://127.0.0.1:0", messenger: messenger)
        try Data(listener.endpoint.utf8).write(to: folder.appending(path: names[rank]), options: .atomic)
        var members: [GroupMember] = []
        for name in names {
            members.append(GroupMember(name: name, endpoint: try await Self.endpoint(name, in: folder)))
        }
        let peers = try PeerLinks(
            group: Self.groupID, rank: rank, members: members, streams: path.streams, messenger: messenger)
        var tuning = Tuning()
        tuning.sharesMemory = path.transport == .shared
        tuning.segmentBytes = path.segmentBytes
        tuning.streams = path.streams
        tuning.spin = .microseconds(path.spin)
        tuning.yield = .microseconds(path.yield)
        let group = ProcessGroup(
            id: Self.groupID, rank: rank, names: names, shares: names.indices.map { $0..<$0 + 1 },
            tree: SliceTree(slices: ranks),
            tuning: tuning, transport: LinkTransport(links: peers.links))
        roster.enter(.init(id: Self.groupID, names: names) { group.deliver($0, $1) })
        try await peers.greet()
        let report = try await NamedThread.run("allreduce") { [path] in try RankMeasurement(group, path).run() }
        if rank == 0 {
            try JSONEncoder().encode(report).write(to: folder.appending(path: "results.json"), options: .atomic)
        }
        await messenger.shutdown()
    }

    /// Waits for the address that another rank writes down when it listens.
    private static func endpoint(_ name: String, in folder: URL) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            if let data = try? Data(contentsOf: folder.appending(path: name)) {
                return String(decoding: data, as: UTF8.self)
            }
            guard ContinuousClock.now < deadline else { throw CommandFailure("\(name) did not start within 30 s") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
