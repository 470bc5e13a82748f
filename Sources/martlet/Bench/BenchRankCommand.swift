import ArgumentParser
import Cluster
import Collectives
import Foundation
import Logging
import Messaging
import Tensors
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

    struct Row: Codable {
        var ranks: Int
        var bytes: Int
        var medianMicroseconds: Double
        var busBandwidth: Double

        var line: String {
            String(
                format: "martlet tcp world=%d bytes=%d median=%.0fus busbw=%.2fGB/s", ranks, bytes, medianMicroseconds,
                busBandwidth)
        }
    }

    private static let groupID: UInt64 = 1
    /// Floats, as the peers' programs measure.
    private static let sizes = [256, 4096, 65_536, 1 << 20, 4 << 20, 16 << 20]

    static func name(ofRank rank: Int) -> String { "worker-\(rank)" }

    func run() async throws {
        let folder = URL(filePath: folder)
        let names = (0..<ranks).map(Self.name)
        let messenger = try ZeroMQMessenger(
            identity: names[rank], keys: KeyPair(contentsOf: folder.appending(path: "\(names[rank]).key")),
            keyring: Keyring(contentsOf: ClusterFolder.keyring(in: folder)), logger: Logger(label: names[rank]))
        let roster = GroupRoster()
        let listener = try roster.listen("tcp://127.0.0.1:0", messenger: messenger)
        try Data(listener.endpoint.utf8).write(to: folder.appending(path: names[rank]), options: .atomic)
        var members: [Assignment.Member] = []
        for (index, name) in names.enumerated() {
            members.append(
                .init(name: name, endpoint: try await Self.endpoint(name, in: folder), slices: index..<index + 1))
        }
        let peers = try PeerLinks(group: Self.groupID, rank: rank, members: members, messenger: messenger)
        let group = ProcessGroup(
            id: Self.groupID, rank: rank, names: names, shares: members.map(\.slices), tree: SliceTree(slices: ranks),
            transport: LinkTransport(links: peers.links))
        roster.enter(group)
        try await peers.greet()
        let rows = try await NamedThread.run("allreduce") { try Self.sizes.map { try Self.measure($0, group) } }
        if rank == 0 {
            try JSONEncoder().encode(rows).write(to: folder.appending(path: "results.json"), options: .atomic)
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

    private static func measure(_ count: Int, _ group: ProcessGroup) throws -> Row {
        // Two sets in turn, as the trainer has them: what was sent last may still be on its way.
        let sets = (0..<2).map { _ in (part: FloatBuffer(count: count), result: FloatBuffer(count: count)) }
        let scratch = FloatBuffer(count: AllReduce.scratchCount(for: group.tree, count: count))
        for set in sets { set.part.pointer.update(repeating: 1, count: count) }
        let repetitions = max(5, min(200, (32 << 20) / count))
        var seconds: [Double] = []
        for round in 0..<repetitions + 3 {
            let set = sets[round % 2]
            if round == 3 { _ = try group.allGather([], named: "barrier") }
            let start = ContinuousClock.now
            let operation = try AllReduce(
                "bench", in: group, range: 0..<count, parts: [(group.mine, set.part)], result: set.result,
                scratch: scratch)
            _ = try operation.advance(waiting: true)
            if round >= 3 { seconds.append((ContinuousClock.now - start) / .seconds(1)) }
            guard set.result.pointer[count - 1] == Float(group.size) else {
                throw CommandFailure("the sum is \(set.result.pointer[count - 1]), expected \(group.size)")
            }
        }
        let median = seconds.sorted()[seconds.count / 2]
        let share = 2 * Double(group.size - 1) / Double(group.size)
        return Row(
            ranks: group.size, bytes: 4 * count, medianMicroseconds: median * 1e6,
            busBandwidth: share * Double(4 * count) / median / 1e9)
    }
}
