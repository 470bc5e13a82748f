import Foundation
import NeuralNetworks
import Tensors
import Training

/// What a model could take over from its base, as far as that can be told from here.
enum BaseCheck {
    /// The model has none.
    case none
    /// A version of the cluster, which only its coordinator has.
    case elsewhere(String)
    case adopted(String, Adoption)
    case refused(String)

    init(_ model: ModelSpecification, network: Network) {
        guard let base = model.base else {
            self = .none
            return
        }
        guard base.hasSuffix(".safetensors") else {
            self = .elsewhere(base)
            return
        }
        do {
            let parameters = FloatBuffer(count: network.layout.count)
            self = .adopted(base, try BaseModel(contentsOf: URL(filePath: base)).adopt(into: parameters, of: network))
        } catch {
            self = .refused("the model cannot start from \(base): \(error)")
        }
    }

    func lines() -> [String] {
        switch self {
        case .none: []
        case .elsewhere(let base): ["base        not looked at: \(base) is in the cluster, whose coordinator checks it"]
        case .adopted(let base, let adoption): ["base        of \(base) \(adoption)"]
        case .refused: ["base        cannot be used"]
        }
    }

    var warnings: [String] {
        guard case .adopted(let base, let adoption) = self, !adoption.isComplete else { return [] }
        return ["model.base: of \(base) \(adoption)"]
    }
}
