import Messaging
import Wire

@testable import Serving

extension ModelServer {
    /// Asks for raw FP32 rows.
    func infer(
        _ model: TrainedModel, rows: [Float], outputs: [String] = [], id: InferenceID? = nil,
        deadline: ContinuousClock.Instant? = nil
    ) async -> Result<InferenceAnswer, Failure> {
        let count = rows.count / model.rawColumns
        let request = InferRequest(
            model: model.key.model, version: String(model.key.version),
            inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [count, model.rawColumns])],
            outputs: outputs)
        return await infer(request, frame: rows.withUnsafeBytes { Frame(copying: $0) }, id: id, deadline: deadline)
    }

    func infer(
        _ request: InferRequest, frame: Frame, id: InferenceID? = nil, deadline: ContinuousClock.Instant? = nil
    ) async -> Result<InferenceAnswer, Failure> {
        await withCheckedContinuation { continuation in
            submit(request, frames: [frame], id: id, deadline: deadline) { continuation.resume(returning: $0) }
        }
    }
}

extension InferenceAnswer {
    func floats(_ name: String) -> [Float] {
        guard let index = response.outputs.firstIndex(where: { $0.name == name }) else { return [] }
        return frames[index].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    /// The elements of a BYTES output.
    func strings(_ name: String) -> [String] {
        guard let index = response.outputs.firstIndex(where: { $0.name == name }) else { return [] }
        var bytes = frames[index].bytes[...]
        var strings: [String] = []
        while bytes.count >= 4 {
            let length = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            strings.append(String(decoding: bytes.dropFirst(4).prefix(length), as: UTF8.self))
            bytes = bytes.dropFirst(4 + length)
        }
        return strings
    }
}

extension Result where Failure == Wire.Failure {
    var failure: Wire.Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
