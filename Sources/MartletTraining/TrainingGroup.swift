import Collectives
import Messaging
import Synchronization
import Wire

/// The processes that train together: this one alone, or the ranks of a `martlet launch`.
///
/// ```swift
/// let group = try await TrainingGroup.fromEnvironment()
/// let trainer = try Trainer(
///     model, input: [2], data: data, loss: .meanSquaredError, batchSize: 32, epochs: 5, group: group)
/// let result = try await trainer.run()
/// if group.rank == 0 { try result.save(to: file) }
/// ```
public final class TrainingGroup: Sendable {
    /// Of this process, from 0.
    public let rank: Int
    /// Processes.
    public let size: Int
    private let connections: RankConnections?

    /// This process, and no other.
    public static let alone = TrainingGroup(rank: 0, size: 1, connections: nil)

    /// The ranks of the launch that started this process; alone if none did.
    ///
    /// - Throws: `TrainerError.launch` with what is wrong with the environment, or who did not come.
    public static func fromEnvironment() async throws -> TrainingGroup {
        guard let place = try LaunchEnvironment.current else { return .alone }
        let connections = try await RankConnections(place)
        return TrainingGroup(rank: place.rank, size: place.worldSize, connections: connections)
    }

    private init(rank: Int, size: Int, connections: RankConnections?) {
        self.rank = rank
        self.size = size
        self.connections = connections
    }

    /// Meets the other ranks for one run of a trainer. All ranks must run as many trainers in the same order.
    func enter(slices: Int) async throws -> ProcessGroup {
        let tree = SliceTree(slices: slices)
        guard let connections else {
            return ProcessGroup(
                id: 0, rank: 0, names: ["this process"], shares: tree.shares(ranks: 1), tree: tree,
                transport: LinkTransport(links: [[]]))
        }
        return try await connections.enter(tree)
    }

    /// Returns once the others have everything that this rank sent, so that it may end.
    func leave(_ group: ProcessGroup) async {
        await connections?.leave(group)
    }

    /// Returns at once, after a failure: the others will fail as well.
    func abandon(_ group: ProcessGroup) {
        connections?.abandon(group)
    }
}
