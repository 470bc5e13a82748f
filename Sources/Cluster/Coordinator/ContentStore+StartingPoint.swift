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
    /// Throws `StartingPointError` unless the model can take over at least one parameter.
    func check(_ model: ModelSpecification, in store: ContentStore) throws {
        do {
            let network = try Network(model)
            let scratch = FloatBuffer(count: network.layout.count)
            try BaseModel(contentsOf: store.url(of: self.model)).adopt(into: scratch, of: network)
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
