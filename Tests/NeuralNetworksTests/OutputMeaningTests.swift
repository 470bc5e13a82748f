import NeuralNetworks
import Testing

/// One table: from the loss to the task, to what is read from outputs, to what is served.
@Suite struct OutputMeaningTests {
    @Test(arguments: [
        (Loss.Name.squaredError, OutputMeaning.numbers), (.halfSquaredError, .numbers), (.absoluteError, .numbers),
        (.huber, .numbers), (.binaryCrossEntropy, .logit), (.binaryCrossEntropyOnProbabilities, .probability),
        (.crossEntropy, .logits), (.crossEntropyOnProbabilities, .probabilities), (.divergence, .distributionLogits),
    ])
    func itFollowsFromTheLoss(_ loss: Loss.Name, _ meaning: OutputMeaning) {
        #expect(loss.meaning == meaning)
        #expect(loss.readsLabels == (meaning.task != .regression))
        #expect(ModelSpecification.Task.allCases.filter(loss.fits) == [meaning.task])
        #expect(Loss(loss).targetCount(outputs: 4) == (meaning.task == .classification ? 1 : 4))
    }

    @Test(arguments: ModelSpecification.Task.allCases)
    func aTaskAloneMeansLogits(_ task: ModelSpecification.Task) {
        let meaning = OutputMeaning(for: task)
        #expect(meaning.task == task && !meaning.areProbabilities)
        #expect(Loss(for: task).name.meaning == meaning)
        #expect(task.classes(outputs: 7) == [.binary: 2, .classification: 7][task])
    }

    @Test(arguments: OutputMeaning.allCases)
    func logitsAreServedWithWhatBecomesOfThem(_ meaning: OutputMeaning) {
        #expect(meaning.areLogits == (meaning.served.first == .logits))
    }

    @Test(arguments: [
        (OutputMeaning.logits, [0.5, 1.5, -1] as [Float], [0.25371, 0.68964, 0.05661] as [Float]),
        (.distributionLogits, [0.5, 1.5, -1], [0.25371, 0.68964, 0.05661]),
        (.logit, [0, 2, -2], [0.5, 0.880797, 0.119203]), (.numbers, [3, -4, 5], [3, -4, 5]),
        (.probability, [0.25, 0.5, 1], [0.25, 0.5, 1]), (.probabilities, [0.25, 0.5, 0.25], [0.25, 0.5, 0.25]),
    ])
    func whatIsRead(_ meaning: OutputMeaning, _ outputs: [Float], _ expected: [Float]) {
        var inPlace = outputs
        meaning.read(outputs, rows: 1, columns: 3, into: &inPlace)
        for (actual, expected) in zip(inPlace, expected) { #expect(abs(actual - expected) < 1e-4) }
    }

    /// A tie goes to the first class, whichever way it is told.
    @Test(arguments: [
        (OutputMeaning.logit, [-0.1] as [Float], 0), (.logit, [0], 0), (.logit, [0.1], 1), (.probability, [0.4], 0),
        (.probability, [0.5], 0), (.probability, [0.6], 1), (.logits, [1, 3, 3], 1), (.logits, [0, 0, 0], 0),
        (.probabilities, [0.2, 0.4, 0.4], 1),
    ])
    func theChosenClass(_ meaning: OutputMeaning, _ outputs: [Float], _ expected: Int) {
        #expect(meaning.chosenClass(outputs, columns: outputs.count) == expected)
        var metrics = MetricAccumulator(MetricScope(meaning: meaning, outputs: outputs.count))
        metrics.add(outputs: outputs, targets: [Float(expected)], rows: 1, loss: LossSum(loss: 1, weight: 1))
        #expect(metrics.value(of: .accuracy) == 1)
    }

    @Test func probabilitiesAreServedWithoutLogits() {
        #expect(OutputMeaning.logit.served == [.logits, .probability, .label])
        #expect(OutputMeaning.logits.served == [.logits, .probabilities, .label])
        #expect(OutputMeaning.probability.served == [.probability, .label])
        #expect(OutputMeaning.probabilities.served == [.probabilities, .label])
        #expect(OutputMeaning.distributionLogits.served == [.logits, .prediction])
        #expect(OutputMeaning.numbers.served == [.prediction])
    }
}
