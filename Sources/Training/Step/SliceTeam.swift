import Collectives
import Threads

/// The threads of this worker that compute slices, what each of them computes with, and how they add up what they have.
struct SliceTeam {
    let reduction: TeamReduction
    let threads: ThreadTeam
    /// By thread.
    let executors: [SliceExecutor]

    /// - Throws: `NamedThread.Refusal` if the system gives no threads.
    init(_ reduction: TeamReduction, makeExecutor: (_ thread: Int) -> SliceExecutor) throws {
        self.reduction = reduction
        threads = try ThreadTeam(count: reduction.threads.count, name: "train")
        executors = reduction.threads.indices.map(makeExecutor)
    }

    var count: Int { threads.count }
}
