import NeuralNetworks
import Testing

struct MetricTests {
    @Test(arguments: try Fixture.load("metrics", as: [Fixture.MetricsCase].self))
    func equalToScikitLearn(_ fixture: Fixture.MetricsCase) throws {
        let targetCount = fixture.task == .regression ? fixture.outputs : 1
        let rows = fixture.targets.count / targetCount
        // Counted on two workers and merged, and all at once.
        let cut = rows / 3
        var left = MetricAccumulator(task: fixture.task, outputs: fixture.outputs)
        var right = left
        var whole = left
        fixture.predictions.withUnsafeBufferPointer { predictions in
            fixture.targets.withUnsafeBufferPointer { targets in
                let (outputs, labels) = (predictions.baseAddress!, targets.baseAddress!)
                whole.add(outputs: outputs, targets: labels, rows: rows, lossSum: 3)
                left.add(outputs: outputs, targets: labels, rows: cut, lossSum: 1)
                right.add(
                    outputs: outputs + cut * fixture.outputs, targets: labels + cut * targetCount, rows: rows - cut,
                    lossSum: 2)
            }
        }
        left.merge(right)
        let carried = try #require(
            MetricAccumulator(task: fixture.task, outputs: fixture.outputs, sums: left.sums))
        for accumulator in [whole, carried] {
            #expect(accumulator.rows == rows)
            #expect(accumulator.confusionMatrix == fixture.confusion)
            #expect(accumulator.value(of: .loss) == 3 / Double(rows))
            for metric in Metric.allCases where metric != .loss {
                let expected = fixture.metrics[metric.rawValue]
                let actual = accumulator.value(of: metric)
                #expect((actual == nil) == (expected == nil), "\(metric)")
                if let actual, let expected { #expect(abs(actual - expected) <= 1e-9, "\(metric)") }
            }
        }
    }

    @Test func sumsOfAnotherLengthAreRefused() {
        #expect(MetricAccumulator(task: .binary, outputs: 1, sums: [1, 2, 3]) == nil)
        #expect(MetricAccumulator.length(task: .classification, outputs: 3) == 11)
    }

    @Test func withoutRowsThereIsNoMetric() {
        let accumulator = MetricAccumulator(task: .classification, outputs: 3)
        #expect(Metric.allCases.allSatisfy { accumulator.value(of: $0) == nil })
    }
}
