import Checkpoints
package import Foundation
package import NeuralNetworks
package import Tensors

/// The parameters of a trained model, from a safetensors file: what another model starts from.
package struct BaseModel: Sendable {
    private let layout: ParameterLayout
    private let values: FloatBuffer
    /// Tensors that are no floats, which cannot be taken over.
    private let others: [SafetensorsLayout.Tensor]

    /// Throws `SafetensorsError`, or `StoreError` if the file cannot be read.
    package init(contentsOf url: URL) throws {
        let file = try SafetensorsFile(contentsOf: url)
        var layout = ParameterLayout()
        for tensor in file.layout.tensors where tensor.elementType.isReadAsFloats && !tensor.shape.contains(0) {
            layout.append(name: tensor.name, shape: Shape(tensor.shape))
        }
        values = FloatBuffer(count: layout.count)
        for entry in layout.entries {
            try file.readFloats(entry.name, into: values.pointer + entry.offset)
        }
        self.layout = layout
        others = file.layout.tensors.filter { !$0.elementType.isReadAsFloats }
    }

    /// Takes over every parameter that `network` has under the same name and in the same shape.
    ///
    /// - Throws: `NetworkError.nothingToAdopt` if there is none, `BaseModelError` if one is no float.
    @discardableResult
    package func adopt(into parameters: FloatBuffer, of network: Network) throws -> Adoption {
        if let other = others.first(where: { network.layout.entry(named: $0.name) != nil }) {
            throw BaseModelError.otherType(name: other.name, type: other.elementType.rawValue)
        }
        return try network.adopt(layout, values.pointer, into: parameters.pointer)
    }
}

package enum BaseModelError: Error, Equatable, CustomStringConvertible {
    case otherType(name: String, type: String)

    package var description: String {
        switch self {
        case .otherType(let name, let type):
            "'\(name)' of the base is \(type), expected floats: convert the file, in PyTorch with tensor.float()"
        }
    }
}
