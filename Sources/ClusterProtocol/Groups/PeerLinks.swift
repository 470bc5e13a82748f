import Foundation
package import Messaging
import Wire

/// This worker's connections to the other ranks of one generation.
package struct PeerLinks: Sendable {
    /// By rank, one for each stream; none for this rank itself.
    package let links: [[any Link]]
    private let members: [GroupMember]
    private let hello: GroupHello

    /// How long one rank waits for the others to enter the generation.
    package static let patience: Duration = .seconds(30)
    private static let attempt: Duration = .milliseconds(500)

    package init(
        group: UInt64, rank own: Int, members: [GroupMember], streams: Int = 1, messenger: any Messenger
    ) throws {
        self.members = members
        hello = GroupHello(group: group, rank: own, codeVersion: codeVersion)
        links = try members.enumerated().map { rank, member in
            guard rank != own else { return [] }
            return try (0..<streams).map { _ in
                try messenger.connect(to: member.endpoint, remote: member.name) { _ in }
            }
        }
    }

    /// Returns when every peer has received all that was sent to it, or is gone itself.
    package func takeLeave(within patience: Duration) async {
        await withTaskGroup { tasks in
            for link in links.joined() {
                // Any answer will do, and a peer that gives none needs nothing any more.
                tasks.addTask { _ = try? await link.call(hello, timeout: patience) }
            }
        }
    }

    package func close() {
        for link in links.joined() { link.close() }
    }

    /// Asks every peer until it has entered the generation.
    /// - Throws: `GroupNotMet` naming who has not.
    package func greet(within patience: Duration = patience) async throws {
        try await withThrowingTaskGroup { tasks in
            for (rank, links) in links.enumerated() {
                for link in links { tasks.addTask { try await greet(link, rank: rank, within: patience) } }
            }
            try await tasks.waitForAll()
        }
    }

    private func greet(_ link: any Link, rank: Int, within patience: Duration) async throws {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                try await link.call(hello, timeout: Self.attempt)
                return
            } catch let failure as Failure where failure.code != .unavailable {
                throw failure
            } catch is Failure, is MessagingError {
                guard ContinuousClock.now < deadline else {
                    throw GroupNotMet(
                        group: hello.group, rank: rank, name: members[rank].name, patience: patience)
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
