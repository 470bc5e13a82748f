import Foundation
import NeuralNetworks
import Tensors
import Testing

/// Numbers made by PyTorch and scikit-learn; see `scripts/fixtures/pytorch.py`.
enum Fixture {
    struct Tensor: Decodable {
        let shape: [Int]
        let values: [Float]
    }

    struct NetworkCase: Decodable, CustomTestStringConvertible {
        let name: String
        let model: ModelSpecification
        let rows: Int
        let inputs: [Float]
        let targets: [Float]
        let parameters: [String: Tensor]
        let outputs: [Float]
        let loss: Double
        let gradients: [String: [Float]]
        /// Running statistics after a training step.
        let statistics: [String: [Float]]?
        var testDescription: String { name }
    }

    struct LossCase: Decodable, CustomTestStringConvertible {
        let loss: Loss
        let rows: Int
        let columns: Int
        let outputs: [Float]
        let targets: [Float]
        /// Of the whole batch: the mean or the sum.
        let value: Double
        let gradient: [Float]
        let weight: Double
        var testDescription: String {
            "\(loss.name.rawValue) \(loss.reduction) \(loss.labelSmoothing) \(loss.classWeights), \(columns) outputs"
        }
    }

    struct Schedules: Decodable {
        struct Rates: Decodable {
            let schedule: ScheduleSpecification
            let base: Double
            let rates: [Double]
        }

        struct Plateau: Decodable {
            let rule: PlateauRule
            let base: Double
            let losses: [Double]
            let rates: [Double]
        }

        let rates: [Rates]
        let plateaus: [Plateau]
    }

    struct OptimizerCase: Decodable, CustomTestStringConvertible {
        struct Bounds: Decodable {
            let norm: Double?
            let value: Float?
        }

        let optimizer: OptimizerSpecification
        let bounds: Bounds
        let start: [Float]
        let gradients: [[Float]]
        let result: [Float]
        let states: [String: [Float]]
        var testDescription: String { "\(optimizer.name), weight decay \(optimizer.weightDecay)" }
    }

    struct Training: Decodable {
        let network: NetworkCase
        let learningRate: Double
        let losses: [Double]
    }

    struct MetricsCase: Decodable, CustomTestStringConvertible {
        let name: String
        let task: ModelSpecification.Task
        let outputs: Int
        let areProbabilities: Bool
        let targets: [Float]
        let predictions: [Float]
        let metrics: [String: Double]
        let confusion: [[Int]]?
        var testDescription: String { name }

        var meaning: OutputMeaning {
            OutputMeaning.allCases.first { $0.task == task && $0.areProbabilities == areProbabilities }!
        }
    }

    static func load<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
    }
}

/// Each value within the tolerance of what is expected, relative to the value itself; values that are almost cancelled are
/// measured against a fifth of the largest of the tensor, since OpenBLAS sums in another order on each kind of CPU. Code
/// paths without fused multiply-add round each product before it is added, and are allowed twice as much.
func expectEqual(
    _ actual: UnsafePointer<Float>, _ expected: [Float], _ name: String, tolerance: Float = 1e-5,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let isFused = [.avx2, .avx512].contains(KernelPath.selected)
    let tolerance = isFused ? tolerance : 2 * tolerance
    let floor = (expected.map(abs).max() ?? 0) / 5
    for (index, value) in expected.enumerated() {
        guard abs(actual[index] - value) > tolerance * max(abs(value), floor) else { continue }
        Issue.record("\(name)[\(index)] is \(actual[index]), not \(value)", sourceLocation: sourceLocation)
        return
    }
}
