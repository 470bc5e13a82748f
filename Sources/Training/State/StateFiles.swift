package import Checkpoints
package import Digests
package import Foundation
package import NeuralNetworks
package import Tensors

/// How a run's state lies in files: `model.safetensors` with the parameters by name, and `optimizer.safetensors` with
/// the moments as `<moment>.<parameter>`. Global tensors, so any number of workers can go on from them.
package struct StateFiles: Sendable {
    /// One whole file, as every rank can make it.
    package struct File: Sendable {
        package let layout: SafetensorsLayout
        package let bytes: [UInt8]
        package let digest: ContentDigest

        init(_ layout: SafetensorsLayout, copy: (Int, Range<Int>, UnsafeMutableRawBufferPointer) -> Void) {
            self.layout = layout
            bytes = layout.bytes(of: 0..<layout.byteCount, copy: copy)
            digest = ContentDigest(of: bytes)
        }
    }

    package let model: SafetensorsLayout
    package let optimizer: SafetensorsLayout
    private let parameters: ParameterLayout
    private let moments: [String]

    /// Throws `SafetensorsError` if the names or sizes do not fit the format.
    package init(_ network: Network, optimizer specification: OptimizerSpecification) throws {
        let layout = network.layout
        parameters = layout
        moments = Optimizer.stateNames(of: specification)
        model = try SafetensorsLayout(
            tensors: layout.entries.map { ($0.name, .float32, $0.shape) }, metadata: ["format": "pt"])
        optimizer = try SafetensorsLayout(
            tensors: moments.flatMap { moment in
                layout.entries.map { ("\(moment).\($0.name)", .float32, $0.shape) }
            })
    }

    package func modelFile(_ values: FloatBuffer) -> File {
        File(model) { tensor, range, target in
            Self.copy(parameters.entries[tensor], of: values, range, to: target)
        }
    }

    package func optimizerFile(_ state: TrainingState) -> File {
        File(optimizer) { tensor, range, target in
            let (moment, parameter) = tensor.quotientAndRemainder(dividingBy: parameters.entries.count)
            Self.copy(parameters.entries[parameter], of: state.moments[moment].buffer, range, to: target)
        }
    }

    /// Reads a state back.
    /// - Throws: `StateDictionaryError` when a tensor is missing or is no such one as this network's.
    package func state(
        model modelURL: URL, optimizer optimizerURL: URL, best bestURL: URL, progress: TrainingProgress,
        curve: [EpochRecord]
    ) throws -> TrainingState {
        let optimizerFile = try SafetensorsFile(contentsOf: optimizerURL)
        return TrainingState(
            parameters: try read(SafetensorsFile(contentsOf: modelURL), "the checkpoint's model"),
            moments: try moments.map { moment in
                (moment, try read(optimizerFile, "the checkpoint's optimizer", prefix: "\(moment)."))
            },
            best: try read(SafetensorsFile(contentsOf: bestURL), "the checkpoint's best model"), progress: progress,
            curve: curve)
    }

    private func read(_ file: SafetensorsFile, _ name: String, prefix: String = "") throws -> FloatBuffer {
        let values = FloatBuffer(count: parameters.count)
        try file.read(parameters, prefix: prefix, types: { $0 == .float32 }, of: name, into: values.pointer)
        return values
    }

    private static func copy(
        _ entry: ParameterLayout.Entry, of values: FloatBuffer, _ range: Range<Int>,
        to target: UnsafeMutableRawBufferPointer
    ) {
        let bytes = UnsafeRawBufferPointer(start: values.pointer + entry.offset, count: 4 * entry.count)
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
}
