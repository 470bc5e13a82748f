import Collectives
import Tensors
import Threads

/// Computes the gradients of this worker's slices, each thread those of its share, and adds up what each thread has.
final class SliceGradients {
    /// Computes one slice's gradient into a buffer and tells, in the order of the backward pass, which ranges are
    /// final.
    typealias Compute = (
        _ slice: Int, _ member: Int, _ gradient: FloatBuffer, _ finished: (Range<Int>) -> Void
    ) -> Void

    let reduction: TeamReduction
    /// By the reduction's numbers.
    let buffers: [FloatBuffer]
    private let compute: Compute
    private let team: ThreadTeam
    private var work: ThreadTeam.Work = { _ in }

    init(_ reduction: TeamReduction, buffers: [FloatBuffer], team: ThreadTeam, compute: @escaping Compute) {
        precondition(
            buffers.allSatisfy { $0.count == buffers[0].count }, "gradients that are added up are of one length")
        self.reduction = reduction
        self.buffers = buffers
        self.team = team
        self.compute = compute
        work = { [unowned self] in add(member: $0) }
    }

    /// Every slice, on all threads.
    func computeAll() throws {
        try team.run(work)
    }

    private func add(member: Int) {
        for step in reduction.threads[member].steps {
            let gradient = buffer(step.buffer, of: member)
            compute(step.slice, member, gradient) { _ in }
            add(step.additions, member: member, range: 0..<gradient.count)
        }
    }

    /// Every slice, on the one thread that there is. Tells ranges of the last one's gradient as soon as they are final,
    /// which `addLast` then adds to those before.
    func computeAlone(finished: (Range<Int>) -> Void) {
        let steps = reduction.threads[0].steps
        for step in steps.dropLast() {
            let gradient = buffer(step.buffer, of: 0)
            compute(step.slice, 0, gradient) { _ in }
            add(step.additions, member: 0, range: 0..<gradient.count)
        }
        let last = steps[steps.count - 1]
        compute(last.slice, 0, buffer(last.buffer, of: 0), finished)
    }

    /// Completes a range of the worker's sums.
    func addLast(_ range: Range<Int>) {
        let steps = reduction.threads[0].steps
        add(steps[steps.count - 1].additions, member: 0, range: range)
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
