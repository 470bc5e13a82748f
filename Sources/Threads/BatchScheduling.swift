import CThreads
import Foundation

/// Linux' policy for threads that would rather do much at once than little at once (`SCHED_BATCH`, sched(7)).
///
/// A message goes through four threads of a serving process. With the standard policy each that is woken may interrupt
/// the one that woke it, who had more to hand over: on a machine with no idle core, half of all turns begin that way and
/// find one message to do. A thread of this policy waits until the other has finished its turn, and finds all of it.
/// Where a core is idle it makes no difference.
package enum BatchScheduling {
    /// Moves all threads that this process has now, and those that they will start.
    /// - Returns: whether the system allowed it; a container's filter may not.
    @discardableResult
    package static func adopt() -> Bool { move(to: Int32(CTHREADS_SCHED_BATCH)) }

    /// Looks again until all threads are moved: a list that is read while threads end may lack one, and one that is not
    /// moved yet may start another.
    static func move(to policy: Int32) -> Bool {
        var parameters = sched_param()
        parameters.sched_priority = 0
        for _ in 0..<looks {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
            guard !threads.isEmpty else { return false }
            let others = threads.compactMap { Int32($0) }.filter { sched_getscheduler($0) != policy }
            if others.isEmpty { break }
            for thread in others {
                // A thread may have ended since.
                guard sched_setscheduler(thread, policy, &parameters) == 0 || errno == ESRCH else { return false }
            }
        }
        return true
    }

    /// More than are ever needed: what a moved thread starts is moved already.
    private static let looks = 100
}
