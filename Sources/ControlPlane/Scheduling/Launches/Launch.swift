package import JobProtocol
package import ClusterProtocol
package import Foundation

/// A program that runs on some workers for a person who waits for it. In memory only: it ends with the coordinator.
package struct Launch: Codable, Sendable, Equatable {
    package struct Rank: Codable, Sendable, Equatable {
        package let node: String
        package let incarnation: UInt64
        /// Once it has said where it listens. A program that does not train never does.
        package var address: RankAddress?
        /// Ended, and well.
        package var isDone = false
    }

    package let id: String
    /// Its place in the queue, among jobs as well.
    package let number: Int
    package let command: RankCommand
    package let workersAsked: Int
    package let submitted: Date
    package var state = LaunchStatus.State.waiting
    /// What it waits for, or why it ended.
    package var detail = ""
    package var started: Date?
    package var ended: Date?
    /// Names it on the wire once it runs.
    package var generation: UInt64 = 0
    package var ranks: [Rank] = []
    package var output = LaunchOutput()

    package func rank(of node: String) -> Int? {
        ranks.firstIndex { $0.node == node }
    }

    package var status: LaunchStatus {
        LaunchStatus(
            id: id, state: state, detail: detail, command: command, workersAsked: workersAsked,
            workers: ranks.map(\.node), submitted: submitted, started: started, ended: ended)
    }

    /// Such as `rank 1 (worker-1)`.
    func name(ofRank rank: Int) -> String {
        "rank \(rank) (\(ranks[rank].node))"
    }
}
