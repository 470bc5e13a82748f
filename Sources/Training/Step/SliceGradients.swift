import Collectives
import Tensors
import Threads

/// Computes the gradients of this worker's slices, each thread those of its share, and adds up what each thread has.
final class SliceGradients {
    let team: SliceTeam
    /// By the reduction's numbers.
    let buffers: [FloatBuffer]
    private let parameters: FloatBuffer

    /// - Parameter parameters: what the network computes with, at all steps.
    init(_ team: SliceTeam, buffers: [FloatBuffer], parameters: FloatBuffer) {
        precondition(
            buffers.allSatisfy { $0.count == buffers[0].count }, "gradients that are added up are of one length")
        self.team = team
        self.buffers = buffers
        self.parameters = parameters
    }

    /// Every slice, on all threads.
    func computeAll(_ step: StepPosition) throws {
        try team.threads.run(Round(gradients: self, step: step))
    }

    /// One step's slices.
    private struct Round: TeamWork {
        let gradients: SliceGradients
        let step: StepPosition

        func run(member: Int) {
            for turn in gradients.team.reduction.threads[member].steps {
                let gradient = gradients.compute(turn, of: step, member: member) { _ in }
                gradients.add(turn.additions, member: member, range: 0..<gradient.count)
            }
        }
    }

    /// Every slice, on the one thread that there is. Tells ranges of the last one's gradient as soon as they are final,
    /// which `addLast` then adds to those before.
    func computeAlone(_ step: StepPosition, finished: (Range<Int>) -> Void) {
        let turns = team.reduction.threads[0].steps
        for turn in turns.dropLast() {
            let gradient = compute(turn, of: step, member: 0) { _ in }
            add(turn.additions, member: 0, range: 0..<gradient.count)
        }
        _ = compute(turns[turns.count - 1], of: step, member: 0, finished: finished)
    }

    /// Completes a range of the worker's sums.
    func addLast(_ range: Range<Int>) {
        let turns = team.reduction.threads[0].steps
        add(turns[turns.count - 1].additions, member: 0, range: range)
    }

    /// One slice's gradient.
    /// - Parameter finished: told, in the order of the backward pass, which ranges are final.
    private func compute(
        _ turn: LocalReduction.Step, of step: StepPosition, member: Int, finished: (Range<Int>) -> Void
    ) -> FloatBuffer {
        let gradient = buffer(turn.buffer, of: member)
        team.executors[member].computeGradient(
            ofSlice: turn.slice, in: step, parameters: parameters, into: gradient, finished: finished)
        return gradient
    }

    private func add(_ additions: [LocalReduction.Addition], member: Int, range: Range<Int>) {
        for addition in additions {
            let target = buffer(addition.into, of: member).pointer + range.lowerBound
            let source = buffer(addition.from, of: member).pointer + range.lowerBound
            SumKernels.add(target, source, into: target, count: range.count)
        }
    }

    private func buffer(_ number: Int, of member: Int) -> FloatBuffer {
        buffers[team.reduction.buffer(number, ofThread: member)]
    }
}
