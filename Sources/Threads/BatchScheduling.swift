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
    package static func adopt() -> Bool {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        var parameters = sched_param()
        parameters.sched_priority = 0
        return threads.compactMap { Int32($0) }.allSatisfy { thread in
            // A thread may have ended since.
            sched_setscheduler(thread, Int32(CTHREADS_SCHED_BATCH), &parameters) == 0 || errno == ESRCH
        } && !threads.isEmpty
    }
}
