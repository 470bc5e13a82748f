import Foundation
import MartletTraining
import Testing

/// The examples of the documentation run as they stand there.
@Suite struct DocumentedExamplesTests {
    private struct Sum: Model {
        let layer = Layers(.linear(outputs: 1))

        func callAsFunction(_ input: Value) -> Value { layer(input) }
    }

    private static func trainer(features: [[Float]]? = nil) throws -> Trainer {
        try Trainer(
            Sum(), input: [2], data: data(features: features), loss: .meanSquaredError, batchSize: 32, epochs: 2)
    }

    private static func data(features: [[Float]]? = nil) -> TrainingData {
        let rows = (0..<120).map { [Float($0 % 7), Float($0 % 11)] }
        return .arrays(features: features ?? rows, targets: rows.map { $0[0] + 2 * $0[1] }, test: 0.2)
    }

    private static func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test func training() async throws {
        try await DocumentedExamples.trainer()
        try await DocumentedExamples.trainerProgress(Self.trainer())
        try await DocumentedExamples.trainerError(Self.trainer(features: [[1]]))
        try await DocumentedExamples.trainingDataArrays(Sum())
        try DocumentedExamples.optimizers(Sum(), Self.data())
    }

    @Test func models() throws {
        try DocumentedExamples.model()
        try DocumentedExamples.layers()
        try DocumentedExamples.value()
    }

    /// What a rank saves, a predictor reads.
    @Test func parameters() async throws {
        try await Self.withFolder { folder in
            let file = folder.appending(path: "sum.safetensors")
            try await DocumentedExamples.trainingGroup(Sum(), Self.data(), file)
            try DocumentedExamples.predictor(Sum(), file)
            try await DocumentedExamples.trainingResult(Self.trainer(), file)
            try DocumentedExamples.predictor(Sum(), file)
        }
    }

    @Test func files() async throws {
        try await Self.withFolder { folder in
            let rows = (0..<120).map { "\(2 + $0 % 5),\(40 + $0 % 90),\(100 + $0 % 70)" }
            try Data(("rooms,area,price\n" + rows.joined(separator: "\n") + "\n").utf8)
                .write(to: folder.appending(path: "houses.csv"))
            try await DocumentedExamples.trainingData(Sum(), folder)
        }
    }
}
