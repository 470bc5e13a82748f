import Collectives
import Tensors
import Threads

/// The threads of this worker, what each of them computes with, and how they add up the worker's slices.
struct SliceTeam {
    let threads: ThreadTeam
    /// By thread.
    let executors: [SliceExecutor]
    let reduction: TeamReduction

    /// - Parameters:
    ///   - precision: of matrix products while training.
    ///   - timeline: records what the first thread does.
    /// - Throws: `NamedThread.Refusal` if the system gives no threads.
    init(_ setup: TrainingSetup, reduction: TeamReduction, precision: Precision, timeline: Timeline?) throws {
        self.reduction = reduction
        threads = try ThreadTeam(count: reduction.threads.count, name: "train")
        executors = reduction.threads.indices.map { thread in
            SliceExecutor(setup, precision: precision, timeline: thread == 0 ? timeline : nil)
        }
    }

    func resetTimes() {
        for executor in executors { executor.times = StepTimes() }
    }

    /// What computing has taken since the times were last set to zero: the mean over the threads.
    var computingTimes: StepTimes {
        let share = 1 / Double(executors.count)
        return executors.reduce(into: StepTimes()) { times, executor in
            times.data += share * executor.times.data
            times.forward += share * executor.times.forward
            times.backward += share * executor.times.backward
        }
    }
}
