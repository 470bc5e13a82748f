import Foundation
import Tensors
import Testing

@testable import NeuralNetworks

/// Equal to PyTorch in value and gradient, and the same however a batch is cut.
struct LossTests {
    @Test(arguments: try Fixture.load("losses", as: [Fixture.LossCase].self))
    func equalToPyTorch(_ fixture: Fixture.LossCase) throws {
        let function = LossFunction(fixture.loss, columns: fixture.columns)
        let gradient = FloatBuffer(count: fixture.outputs.count)
        // A mean divides by the weight of the whole batch, which is known only when all of it was counted.
        let scale = fixture.loss.reduction == .mean ? Float(1 / fixture.weight) : 1
        let sum = function.sum(
            outputs: fixture.outputs, targets: fixture.targets, rows: fixture.rows, gradient: gradient.pointer,
            scale: scale)
        #expect(abs(sum.weight - fixture.weight) <= 1e-6 * fixture.weight)
        let value = fixture.loss.reduction == .mean ? try #require(sum.mean) : sum.loss
        #expect(abs(value - fixture.value) <= 1e-5 * abs(fixture.value))
        expectEqual(gradient.pointer, fixture.gradient, "gradient")
        let evaluated = function.sum(outputs: fixture.outputs, targets: fixture.targets, rows: fixture.rows)
        #expect(abs(evaluated.loss - sum.loss) <= 1e-6 * abs(sum.loss))

        // Slices of any size add up to the batch.
        let targetCount = fixture.targets.count / fixture.rows
        var parts = LossSum()
        for rows in [0..<1, 1..<1, 1..<fixture.rows] {
            fixture.outputs.withUnsafeBufferPointer { outputs in
                fixture.targets.withUnsafeBufferPointer { targets in
                    parts += function.sum(
                        outputs: outputs.baseAddress! + rows.lowerBound * fixture.columns,
                        targets: targets.baseAddress! + rows.lowerBound * targetCount, rows: rows.count)
                }
            }
        }
        #expect(abs(parts.loss - evaluated.loss) <= 1e-9 * abs(evaluated.loss))
        #expect(parts.weight == evaluated.weight)
    }

    /// Every loss, every element: (L(x + h) - L(x - h)) / 2h.
    @Test(arguments: Loss.Name.allCases)
    func finiteDifferences(_ name: Loss.Name) {
        let (rows, columns) = (5, 3)
        var loss = Loss(name, delta: 0.7)
        if name.readsLabels { (loss.labelSmoothing, loss.classWeights) = (0.15, [0.5, 1, 2]) }
        let function = LossFunction(loss, columns: columns)
        var outputs = [Float](repeating: 0, count: rows * columns)
        RandomStream(seed: 4, stream: 1).fill(
            &outputs, count: outputs.count, low: name.readsProbabilities ? 0.1 : -2,
            high: name.readsProbabilities ? 0.9 : 2)
        var targets = [Float](repeating: 0, count: rows * loss.targetCount(outputs: columns))
        RandomStream(seed: 4, stream: 2).fill(&targets, count: targets.count, low: 0.05, high: 0.95)
        if loss.targetCount(outputs: columns) == 1 {
            targets = targets.map { ($0 * Float(columns)).rounded(.down) }
            targets[2] = -1
        }
        let gradient = FloatBuffer(count: outputs.count)
        _ = function.sum(outputs: outputs, targets: targets, rows: rows, gradient: gradient.pointer)
        let step: Float = 1e-3
        for index in outputs.indices {
            let value = outputs[index]
            outputs[index] = value + step
            let above = function.sum(outputs: outputs, targets: targets, rows: rows).loss
            outputs[index] = value - step
            let below = function.sum(outputs: outputs, targets: targets, rows: rows).loss
            outputs[index] = value
            let expected = (above - below) / Double(2 * step)
            #expect(abs(Double(gradient.pointer[index]) - expected) < 2e-3 * max(1, abs(expected)), "\(index)")
        }
    }

    @Test func labelsBelowZeroCountForNothing() {
        let function = LossFunction(Loss(.crossEntropy), columns: 2)
        let gradient = FloatBuffer(count: 4)
        let sum = function.sum(outputs: [1, 2, 3, 4], targets: [-1, -1], rows: 2, gradient: gradient.pointer)
        #expect(sum == LossSum(loss: 0, weight: 0))
        #expect(sum.mean == nil)
        #expect((0..<4).allSatisfy { gradient.pointer[$0] == 0 })
    }

    @Test func aLabelBeyondTheClassesIsNoNumber() {
        let function = LossFunction(Loss(.crossEntropy), columns: 2)
        #expect(function.sum(outputs: [1, 2], targets: [2], rows: 1).loss.isNaN)
    }
}
