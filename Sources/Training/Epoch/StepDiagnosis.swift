import Collectives
import NeuralNetworks
import Tensors

/// Finds out where numbers that are not finite came from.
struct StepDiagnosis {
    let group: ProcessGroup
    let plan: UpdatePlan
    let executor: SliceExecutor
    let parameters: FloatBuffer

    /// Computes a step once more, looking at every number, and gives what came first of all that is not finite: of the
    /// first slice that has such, so all ranks give the same. Nil if there is none, as where only a sum was too large.
    func origin(of step: StepUnderWay) throws -> NonFiniteOrigin? {
        try group.allGather(document: find(in: step), named: "diagnosis of a step").lazy.compactMap(\.self).first
    }

    /// The first one of this rank's slices.
    private func find(in step: StepUnderWay) -> NonFiniteOrigin? {
        let gradient = FloatBuffer(count: parameters.count)
        for slice in group.mine {
            for piece in plan.pieces(ofSlice: slice, update: step.update) {
                let finding = executor.diagnose(
                    piece, ofSlice: slice, epoch: step.epoch, parameters: parameters, gradient: gradient)
                guard let finding else { continue }
                return NonFiniteOrigin(
                    what: finding.description, batch: piece.batch + 1, slice: slice,
                    rows: piece.firstRow + 1...piece.firstRow + piece.places.count)
            }
        }
        return nil
    }
}
