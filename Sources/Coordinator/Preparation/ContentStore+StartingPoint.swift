import JobProtocol
import Checkpoints
import Explanations
import Foundation
import NeuralNetworks
import Tensors
import Training

extension ContentStore {
    /// A copy of the file that a model starts from; nil for a model without one.
    func put(baseOf model: ModelSpecification) throws -> StartingPoint? {
        guard let base = model.base else { return nil }
        do {
            return StartingPoint(base: base, model: try put(file: URL(filePath: base)))
        } catch {
            throw StartingPointError(base: base, reason: error.explanation)
        }
    }
}

extension StartingPoint {
    /// The same with what of it does not fit. Throws `StartingPointError` unless the model can take over at least one
    /// parameter.
    func checked(_ model: ModelSpecification, in store: ContentStore) throws -> StartingPoint {
        do {
            try store.verify(self.model)
            let network = try Network(model)
            let scratch = FloatBuffer(count: network.layout.count)
            let adoption = try BaseModel(contentsOf: store.url(of: self.model)).adopt(into: scratch, of: network)
            var checked = self
            checked.misfit = adoption.isComplete ? nil : "model.base: of \(base) \(adoption)"
            return checked
        } catch {
            throw StartingPointError(base: base, reason: error.explanation)
        }
    }
}

struct StartingPointError: Error, CustomStringConvertible {
    var base: String
    var reason: String

    var description: String { "model.base: the model cannot start from \(base): \(reason)" }
}
