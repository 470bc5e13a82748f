import Checkpoints
package import Foundation
package import NeuralNetworks
package import Tensors

/// The parameters of a trained model, from a safetensors file: what another model starts from.
package struct BaseModel: Sendable {
    private let layout: ParameterLayout
    private let values: FloatBuffer
    /// Tensors that are no floats, which cannot be taken over.
    private let others: [(name: String, type: String)]

    /// What wrappers of a module in PyTorch put in front of all names: `DistributedDataParallel` and `torch.compile`.
    private static let wrappers = ["module.", "_orig_mod."]

    /// Throws `SafetensorsError`, or `StoreError` if the file cannot be read.
    package init(contentsOf url: URL) throws {
        let file = try SafetensorsFile(contentsOf: url)
        let prefix = Self.wrapping(of: file.layout.tensors.map(\.name))
        func name(_ tensor: SafetensorsLayout.Tensor) -> String { String(tensor.name.dropFirst(prefix.count)) }
        var layout = ParameterLayout()
        for tensor in file.layout.tensors where tensor.elementType.isReadAsFloats && !tensor.shape.contains(0) {
            layout.append(name: name(tensor), shape: Shape(tensor.shape))
        }
        values = FloatBuffer(count: layout.count)
        try file.read(layout, prefix: prefix, of: url.lastPathComponent, into: values.pointer)
        self.layout = layout
        others = file.layout.tensors.filter { !$0.elementType.isReadAsFloats }.map {
            (name($0), $0.elementType.rawValue)
        }
    }

    /// The longest beginning that wrappers have put in front of every name.
    private static func wrapping(of names: [String]) -> String {
        var prefix = ""
        while !names.isEmpty,
            let next = wrappers.first(where: { wrapper in names.allSatisfy { $0.hasPrefix(prefix + wrapper) } })
        {
            prefix += next
        }
        return prefix
    }

    /// Takes over every parameter that `network` has under the same name and in the same shape.
    ///
    /// - Throws: `NetworkError.nothingToAdopt` if there is none, `BaseModelError` if one is no float, or holds what
    ///   no training can go on from: what is not finite, a variance below 0, or a number of batches that is none.
    @discardableResult
    package func adopt(into parameters: FloatBuffer, of network: Network) throws -> Adoption {
        if let other = others.first(where: { network.layout.entry(named: $0.name) != nil }) {
            throw BaseModelError.otherType(name: other.name, type: other.type)
        }
        for entry in network.layout.entries {
            guard let own = layout.entry(named: entry.name), own.shape == entry.shape else { continue }
            try Self.check(UnsafeBufferPointer(start: values.pointer + own.offset, count: own.count), of: entry)
        }
        return try network.adopt(layout, values.pointer, into: parameters.pointer)
    }

    /// - Parameter entry: of the network, which takes the values over.
    private static func check(
        _ values: UnsafeBufferPointer<Float>, of entry: ParameterLayout.Entry
    ) throws(BaseModelError) {
        guard !StateDictionary.isCount(entry) else {
            guard StateDictionary.isNumberOfBatches(values[0]) else {
                throw .noCount(name: entry.name, value: "\(values[0])")
            }
            return
        }
        let isVariance = !entry.isLearned && entry.name.split(separator: ".").last == "running_var"
        guard let index = values.firstIndex(where: { !$0.isFinite || (isVariance && $0 < 0) }) else { return }
        throw .noNumber(
            name: entry.name, index: index, value: "\(values[index])",
            expected: isVariance ? "a finite number that is not negative" : "a finite number")
    }
}

package enum BaseModelError: Error, Equatable, CustomStringConvertible {
    case otherType(name: String, type: String)
    case noCount(name: String, value: String)
    /// A number as the 32-bit float that it would be in the network.
    case noNumber(name: String, index: Int, value: String, expected: String)

    package var description: String {
        switch self {
        case .otherType(let name, let type):
            "'\(name)' of the base is \(type), expected floats: convert the file, in PyTorch with tensor.float()"
        case .noCount(let name, let value):
            "'\(name)' of the base holds \(value), expected \(StateDictionary.countWords): mend the file, or leave the "
                + "tensor out, which then begins at 0"
        case .noNumber(let name, let index, let value, let expected):
            "'\(name)' of the base holds \(value) at index \(index), as a 32-bit float, expected \(expected): mend the "
                + "file, or leave the tensor out, which then begins anew"
        }
    }
}
