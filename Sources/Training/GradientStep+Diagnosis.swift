import Collectives
import NeuralNetworks
import Tensors

extension GradientStep {
    /// Computes a step once more, looking at every number, and gives what came first of all that is not finite: of the
    /// first slice that has such, so all ranks give the same. Nil if there is none, as where only a sum was too large.
    func originOfNonFinite(_ step: StepPosition) throws -> NonFiniteOrigin? {
        try setup.group.allGather(document: findNonFinite(step), named: "diagnosis of a step").lazy.compactMap(\.self)
            .first
    }

    private func findNonFinite(_ step: StepPosition) -> NonFiniteOrigin? {
        let gradient = FloatBuffer(count: setup.network.layout.count)
        for slice in setup.group.mine {
            for piece in setup.plan.pieces(ofSlice: slice, update: step.update) {
                let finding = team.executors[0].diagnose(
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
