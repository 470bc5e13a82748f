import Foundation
import NeuralNetworks
import Testing

struct MetricTests {
    @Test(arguments: try Fixture.load("metrics", as: [Fixture.MetricsCase].self))
    func equalToScikitLearn(_ fixture: Fixture.MetricsCase) throws {
        let scope = MetricScope(meaning: fixture.meaning, outputs: fixture.outputs, topK: 2)
        let targetCount = fixture.task == .regression ? fixture.outputs : 1
        let rows = fixture.targets.count / targetCount
        let labelled = fixture.task == .regression ? rows : fixture.targets.count { $0 >= 0 }
        // Counted on two workers and merged, and all at once.
        let cut = rows / 3
        var left = MetricAccumulator(scope)
        var right = left
        var whole = left
        fixture.predictions.withUnsafeBufferPointer { predictions in
            fixture.targets.withUnsafeBufferPointer { targets in
                let (outputs, labels) = (predictions.baseAddress!, targets.baseAddress!)
                whole.add(outputs: outputs, targets: labels, rows: rows, loss: LossSum(loss: 3, weight: 4))
                left.add(outputs: outputs, targets: labels, rows: cut, loss: LossSum(loss: 1, weight: 3))
                right.add(
                    outputs: outputs + cut * fixture.outputs, targets: labels + cut * targetCount, rows: rows - cut,
                    loss: LossSum(loss: 2, weight: 1))
            }
        }
        var carried = (left.values + right.values)[...]
        var merged = try #require(MetricAccumulator(scope, from: &carried))
        merged.merge(try #require(MetricAccumulator(scope, from: &carried)))
        #expect(carried.isEmpty)
        left.merge(right)
        #expect(merged == left)
        for accumulator in [whole, merged] {
            #expect(accumulator.rows == labelled)
            #expect(accumulator.confusionMatrix == fixture.confusion)
            #expect(accumulator.value(of: .loss) == 0.75)
            for metric in Metric.allCases where metric != .loss {
                let expected = fixture.metrics[metric.rawValue]
                let actual = accumulator.value(of: metric)
                // Where scikit-learn cannot give an area because a class is missing, that of the others is given.
                if metric == .auc, expected == nil { continue }
                #expect((actual == nil) == (expected == nil), "\(metric)")
                if let actual, let expected { #expect(abs(actual - expected) <= 1e-9, "\(metric)") }
            }
        }
    }

    @Test func numbersThatAreNotThoseOfAnAccumulatorAreRefused() {
        let scope = MetricScope(meaning: .logits, outputs: 3)
        let sound = MetricAccumulator(scope).values
        for values in [Array(sound.dropLast()), [], sound.map { $0 - 1 }, sound.map { $0 + 0.5 }] {
            var rest = values[...]
            #expect(MetricAccumulator(scope, from: &rest) == nil)
        }
    }

    @Test func withoutRowsThereIsNoMetric() {
        let accumulator = MetricAccumulator(MetricScope(meaning: .logits, outputs: 3))
        #expect(Metric.allCases.allSatisfy { accumulator.value(of: $0) == nil })
    }

    @Test func anAreaNeedsBothKindsOfRows() {
        var accumulator = MetricAccumulator(MetricScope(meaning: .logit, outputs: 1))
        accumulator.add(outputs: [1, 2, 0.5], targets: [1, 1, 1], rows: 3, loss: LossSum())
        #expect(accumulator.value(of: .auc) == nil)
        accumulator.add(outputs: [1], targets: [0], rows: 1, loss: LossSum())
        // One row lies below the other's score, one above, one is equal.
        #expect(accumulator.value(of: .auc) == 0.5)
    }

    /// Bounded: more scores than that are dropped, in whatever order they come together.
    @Test func tooManyScoresAreNotKept() {
        let scope = MetricScope(meaning: .logits, outputs: 512)
        let rows = MetricScope.scoreLimit / 512
        let outputs = [Float](repeating: 0, count: 512)
        var half = MetricAccumulator(scope)
        for row in 0..<rows / 2 + 1 {
            half.add(outputs: outputs, targets: [Float(row % 512)], rows: 1, loss: LossSum())
        }
        #expect(half.value(of: .auc) != nil)
        var both = half
        both.merge(half)
        #expect(both.value(of: .auc) == nil)
        #expect(both.value(of: .accuracy) != nil)
    }

    /// Outputs that are no numbers say nothing of a row, which is never right then, whatever its class: no class, not
    /// among the likeliest however many count, and nothing left for the probability of the right one.
    @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 1, 2])
    func whatIsNoNumberIsNeverRight(value: Float, label: Float) {
        for (meanings, outputs) in [([OutputMeaning.logits, .probabilities], 3), ([.logit, .probability], 1)] {
            guard outputs > 1 || label < 2 else { continue }
            for meaning in meanings {
                let scope = MetricScope(meaning: meaning, outputs: outputs, topK: 3)
                for place in 0..<outputs {
                    var values: [Float] = Array(repeating: 0.25, count: outputs)
                    values[place] = value
                    var accumulator = MetricAccumulator(scope)
                    accumulator.add(outputs: values, targets: [label], rows: 1, loss: LossSum())
                    #expect(accumulator.rows == 1)
                    for metric in [Metric.accuracy, .topK, .recall, .precision, .f1Macro, .precisionMicro]
                    where metric.fits(meaning.task) {
                        #expect(accumulator.value(of: metric) == 0, "\(metric)")
                    }
                    #expect(accumulator.confusionMatrix?.joined().allSatisfy { $0 == 0 } == true)
                    #expect(abs(accumulator.value(of: .logLoss)! + log(Double.ulpOfOne)) < 1e-9)
                    #expect(accumulator.value(of: .calibrationError)?.isFinite == true)
                    var carried = accumulator.values[...]
                    #expect(MetricAccumulator(scope, from: &carried) != nil)
                }
            }
        }
    }

    /// A loss on probabilities takes whatever the network gives.
    @Test(arguments: [Float.greatestFiniteMagnitude, 1e20, 2, -1, -1e20])
    func whatIsNoProbabilityIsInTheNearestBin(value: Float) {
        for (meaning, outputs) in [(OutputMeaning.probabilities, 2), (.probability, 1)] {
            var accumulator = MetricAccumulator(MetricScope(meaning: meaning, outputs: outputs))
            accumulator.add(
                outputs: Array(repeating: value, count: outputs), targets: [1], rows: 1, loss: LossSum())
            #expect(accumulator.value(of: .calibrationError)?.isFinite == true)
        }
    }

    @Test func countsThatCannotBeAddedAreRefused() {
        let scope = MetricScope(meaning: .logits, outputs: 3, keepsScores: false)
        var values = MetricAccumulator(scope).values
        values[2] = 0x1p62
        var given = values[...]
        #expect(MetricAccumulator(scope, from: &given) == nil)
    }

    @Test func manyClassesHaveNoConfusionMatrix() {
        var accumulator = MetricAccumulator(MetricScope(meaning: .logits, outputs: 513, keepsScores: false))
        accumulator.add(
            outputs: (0..<513).map(Float.init), targets: [512], rows: 1, loss: LossSum(loss: 1, weight: 1))
        #expect(accumulator.confusionMatrix == nil)
        #expect(accumulator.value(of: .f1) == 1)
        #expect(accumulator.values.count < 2000)
    }
}
