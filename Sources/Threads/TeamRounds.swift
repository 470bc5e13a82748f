import CThreads
import Foundation
import Synchronization

/// The work of one round after the other, as the members of a `ThreadTeam` see it. Member 0 begins and finishes a round,
/// the others serve.
///
/// Sendable unchecked: `work` is written before `started` announces it, and an error by one member only and read after
/// `unfinished` has come to zero.
final class TeamRounds: @unchecked Sendable {
    private let members: Int
    private let beginning = NSCondition()
    private let end = NSCondition()
    private let started = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private var work: LentWork?
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

    func begin(_ work: LentWork) {
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
            try work!.perform(member: member)
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
