import Collectives
import Foundation
import NeuralNetworks
import Tensors

extension TrainingRun {
    /// Computes a step once more, looking at every number, and gives what came first of all that is not finite: of the
    /// first slice that has such, so all ranks give the same. Nil if there is none, as where only a sum was too large.
    func originOfNonFinite(update: Int, epoch: Int) throws -> NonFiniteOrigin? {
        let own = try findNonFinite(update: update, epoch: epoch).map { try JSONEncoder().encode($0) } ?? Data()
        let all = try group.allGather(Array(own), named: "diagnosis of a step")
        guard let first = all.first(where: { !$0.isEmpty }) else { return nil }
        do {
            return try JSONDecoder().decode(NonFiniteOrigin.self, from: Data(first))
        } catch {
            throw TrainingError.ranksDisagree(what: "the form of a diagnosis")
        }
    }

    private func findNonFinite(update: Int, epoch: Int) -> NonFiniteOrigin? {
        let gradient = FloatBuffer(count: network.layout.count)
        for slice in group.mine {
            for piece in plan.pieces(ofSlice: slice, update: update) {
                let finding = members[0].diagnose(
                    piece, ofSlice: slice, epoch: epoch, parameters: state.parameters, gradient: gradient)
                guard let finding else { continue }
                return NonFiniteOrigin(
                    what: finding.description, batch: piece.batch + 1, slice: slice,
                    rows: piece.firstRow + 1...piece.firstRow + piece.places.count)
            }
        }
        return nil
    }
}
