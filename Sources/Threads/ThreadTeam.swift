import CThreads
import Foundation
import Synchronization

/// Threads that work in rounds: in each, every member does its part of the same work, and the round is over when all
/// are done (fork and join).
///
/// Whoever calls `run` is member 0; the others are threads that are started once and joined when the team is let go.
/// A member that has nothing to do looks for a few microseconds whether there is something, and then sleeps. A round
/// allocates nothing.
package final class ThreadTeam {
    package typealias Work = (_ member: Int) throws -> Void

    /// Members, the caller included.
    package let count: Int
    private let rounds: Rounds
    private let threads: [pthread_t]

    /// - Parameter name: of the threads, before the number of each.
    /// - Throws: `NamedThread.Refusal` if the system gives too few threads.
    package init(count: Int, name: String) throws(NamedThread.Refusal) {
        precondition(count > 0, "a team has at least one member, got \(count)")
        self.count = count
        let rounds = Rounds(members: count)
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
    ///
    /// - Parameter work: kept by the caller from round to round, since making a closure may allocate.
    /// - Throws: what the first member, in their order, threw that threw.
    package func run(_ work: @escaping Work) throws {
        guard count > 1 else { return try work(0) }
        rounds.begin(work)
        rounds.perform(0)
        rounds.finish()
        if let error = rounds.takeError() { throw error }
    }

    /// What `transform` makes of each number below `count`, in order. Each member has a contiguous share of them.
    package func map<Result>(
        _ count: Int, _ transform: @escaping (_ index: Int, _ member: Int) throws -> Result
    ) throws -> [Result] {
        let results = UnsafeMutableBufferPointer<Result?>.allocate(capacity: count)
        results.initialize(repeating: nil)
        defer {
            results.deinitialize()
            results.deallocate()
        }
        try run { [members = self.count] member in
            for index in member * count / members..<(member + 1) * count / members {
                results[index] = try transform(index, member)
            }
        }
        return results.map { $0! }
    }
}

/// The work of one round after the other, as its members see it.
///
/// Sendable unchecked: `work` is written before `started` announces it, and an error by one member only and read after
/// `unfinished` has come to zero.
private final class Rounds: @unchecked Sendable {
    private let members: Int
    private let beginning = NSCondition()
    private let end = NSCondition()
    private let started = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private var work: ThreadTeam.Work?
    private let errors: UnsafeMutableBufferPointer<(any Error)?>

    /// How long to look before sleeping.
    private static let patience: Duration = .microseconds(5)

    init(members: Int) {
        self.members = members
        errors = .allocate(capacity: members)
        errors.initialize(repeating: nil)
    }

    deinit {
        errors.deinitialize()
        errors.deallocate()
    }

    // MARK: The caller

    func begin(_ work: @escaping ThreadTeam.Work) {
        self.work = work
        unfinished.store(members - 1, ordering: .relaxed)
        announce()
    }

    /// Waits for the other members.
    func finish() {
        wait(on: end) { unfinished.load(ordering: .acquiring) == 0 }
        work = nil
    }

    func takeError() -> (any Error)? {
        guard let first = errors.firstIndex(where: { $0 != nil }) else { return nil }
        defer { errors.update(repeating: nil) }
        return errors[first]
    }

    /// Ends the threads; no round may be under way.
    func close() {
        isClosed.store(true, ordering: .relaxed)
        announce()
    }

    private func announce() {
        beginning.withLock {
            started.add(1, ordering: .releasing)
            beginning.broadcast()
        }
    }

    // MARK: The others

    /// Takes part in every round until the team is closed.
    func serve(_ member: Int) {
        var round = 1
        while true {
            wait(on: beginning) { started.load(ordering: .acquiring) >= round }
            if isClosed.load(ordering: .relaxed) { return }
            perform(member)
            if unfinished.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
                end.withLock { end.signal() }
            }
            round += 1
        }
    }

    func perform(_ member: Int) {
        do {
            try work!(member)
        } catch {
            errors[member] = error
        }
    }

    private func wait(on condition: NSCondition, until isMet: () -> Bool) {
        let clock = ContinuousClock()
        let start = clock.now
        repeat {
            for _ in 0..<8 {
                if isMet() { return }
                cthreads_spin_hint()
            }
        } while clock.now - start < Self.patience
        condition.lock()
        while !isMet() { condition.wait() }
        condition.unlock()
    }
}
