import CThreads
import Foundation

/// Threads that work in rounds: in each, every member does its part of the same work, and the round is over when all
/// are done (fork and join).
///
/// Whoever calls `run` is member 0; the others are threads that are started once and joined when the team is let go.
/// A member that has nothing to do looks for a few microseconds whether there is something, and then sleeps. A round
/// allocates nothing.
package final class ThreadTeam {
    /// Members, the caller included.
    package let count: Int
    private let rounds: TeamRounds
    private let threads: [pthread_t]

    /// - Parameter name: of the threads, before the number of each.
    /// - Throws: `NamedThread.Refusal` if the system gives too few threads.
    package init(count: Int, name: String) throws(NamedThread.Refusal) {
        precondition(count > 0, "a team has at least one member, got \(count)")
        self.count = count
        let rounds = TeamRounds(members: count)
        var threads: [pthread_t] = []
        for member in 1..<count {
            do throws(NamedThread.Refusal) {
                threads.append(try NamedThread.startJoinable("\(name)-\(member)") { rounds.serve(member) })
            } catch {
                rounds.close()
                for thread in threads { pthread_join(thread, nil) }
                throw error
            }
        }
        self.rounds = rounds
        self.threads = threads
    }

    deinit {
        rounds.close()
        for thread in threads { pthread_join(thread, nil) }
    }

    /// One round: returns when every member has done its part.
    /// - Throws: what the first member, in their order, threw that threw.
    package func run(_ work: some TeamWork) throws {
        guard count > 1 else { return try work.perform(member: 0) }
        withUnsafePointer(to: work) { address in
            rounds.begin(LentWork(address))
            rounds.perform(0)
            rounds.finish()
        }
        if let error = rounds.takeError() { throw error }
    }
}
