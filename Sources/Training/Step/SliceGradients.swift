import Collectives
import Tensors
import Threads

/// Computes the gradients of this worker's slices, each thread those of its share, and adds up what each thread has.
final class SliceGradients {
    let reduction: TeamReduction
    /// By the reduction's numbers.
    let buffers: [FloatBuffer]
    /// By thread: what it computes with.
    private let executors: [SliceExecutor]
    private let parameters: FloatBuffer
    private let team: ThreadTeam

    init(
        _ reduction: TeamReduction, buffers: [FloatBuffer], executors: [SliceExecutor], parameters: FloatBuffer,
        team: ThreadTeam
    ) {
        precondition(
            buffers.allSatisfy { $0.count == buffers[0].count }, "gradients that are added up are of one length")
        self.reduction = reduction
        self.buffers = buffers
        self.executors = executors
        self.parameters = parameters
        self.team = team
    }

    /// Every slice, on all threads.
    func computeAll(_ step: StepUnderWay) throws {
        try team.run(AllSlices(gradients: self, step: step))
    }

    private struct AllSlices: TeamWork {
        let gradients: SliceGradients
        let step: StepUnderWay

        func perform(member: Int) { gradients.computeShare(of: member, step) }
    }

    private func computeShare(of member: Int, _ step: StepUnderWay) {
        for part in reduction.threads[member].steps {
            let gradient = buffer(part.buffer, of: member)
            compute(part.slice, step, member, into: gradient) { _ in }
            add(part.additions, member: member, range: 0..<gradient.count)
        }
    }

    /// Every slice, on the one thread that there is. Tells ranges of the last one's gradient as soon as they are final,
    /// in the order of the backward pass, which `addLast` then adds to those before.
    func computeAlone(_ step: StepUnderWay, finished: (Range<Int>) -> Void) {
        let parts = reduction.threads[0].steps
        for part in parts.dropLast() {
            let gradient = buffer(part.buffer, of: 0)
            compute(part.slice, step, 0, into: gradient) { _ in }
            add(part.additions, member: 0, range: 0..<gradient.count)
        }
        let last = parts[parts.count - 1]
        compute(last.slice, step, 0, into: buffer(last.buffer, of: 0), finished: finished)
    }

    /// Completes a range of the worker's sums.
    func addLast(_ range: Range<Int>) {
        let parts = reduction.threads[0].steps
        add(parts[parts.count - 1].additions, member: 0, range: range)
    }

    private func compute(
        _ slice: Int, _ step: StepUnderWay, _ member: Int, into gradient: FloatBuffer, finished: (Range<Int>) -> Void
    ) {
        executors[member].computeGradient(
            ofSlice: slice, in: step, parameters: parameters, into: gradient, finished: finished)
    }

    private func add(_ additions: [LocalReduction.Addition], member: Int, range: Range<Int>) {
        for addition in additions {
            let target = buffer(addition.into, of: member).pointer + range.lowerBound
            let source = buffer(addition.from, of: member).pointer + range.lowerBound
            SumKernels.add(target, source, into: target, count: range.count)
        }
    }

    private func buffer(_ number: Int, of member: Int) -> FloatBuffer {
        buffers[reduction.buffer(number, ofThread: member)]
    }
}
