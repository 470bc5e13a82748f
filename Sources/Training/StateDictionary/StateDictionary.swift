public import Checkpoints
public import NeuralNetworks
import Tensors

/// A network's parameters as PyTorch keeps them: a `state_dict` in a safetensors file, which
/// `module.load_state_dict(safetensors.torch.load_file(…))` takes, and what `safetensors.torch.save_file` wrote of such a
/// module.
///
/// The module is a `torch.nn.Sequential`, or another one with the same names, of the layers that the network's layers
/// equal. Numbers are 32-bit floats; how many batches a running average has seen is a 64-bit integer.
public struct StateDictionary: Sendable {
    /// In the order of the network's parameters.
    public let file: SafetensorsLayout
    let parameters: ParameterLayout

    /// Throws `SafetensorsError` if the parameters are too many for the format.
    public init(_ network: Network) throws(SafetensorsError) {
        parameters = network.layout
        file = try SafetensorsLayout(
            tensors: parameters.entries.map { ($0.name, Self.isCount($0) ? .int64 : .float32, $0.shape) },
            metadata: ["format": "pt"])
    }

    /// The whole file.
    ///
    /// - Parameter values: flat, as the network's `layout` says.
    /// - Throws: `StateDictionaryError` if what stands for a number of batches is none.
    public func bytes(_ values: UnsafePointer<Float>) throws(StateDictionaryError) -> [UInt8] {
        let problems = parameters.entries.filter(Self.isCount).filter { !Self.isNumberOfBatches(values[$0.offset]) }
        guard problems.isEmpty else {
            throw StateDictionaryError(
                file: "the model",
                problems: problems.map { "'\($0.name)' holds \(values[$0.offset]): expected \(Self.countWords)" })
        }
        return file.bytes(of: 0..<file.byteCount) { [parameters] tensor, range, target in
            let entry = parameters.entries[tensor]
            let start = values + entry.offset
            if Self.isCount(entry) {
                withUnsafeBytes(of: Int64(start.pointee).littleEndian) {
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range]))
                }
            } else {
                let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: entry.count))
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
        }
    }

    /// Whether this is a number of batches: of running statistics the one that is no tensor.
    static func isCount(_ entry: ParameterLayout.Entry) -> Bool {
        !entry.isLearned && entry.shape.isEmpty
    }

    static func isNumberOfBatches(_ value: Float) -> Bool {
        value >= 0 && value <= 0x1p53 && value == value.rounded()
    }

    static let countWords = "a number of batches, whole and from 0 to 2^53"
}
