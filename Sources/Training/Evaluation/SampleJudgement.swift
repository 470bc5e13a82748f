import Foundation
import NeuralNetworks

/// How a model did on one sample. Independent of the loss that it was trained with, so that runs can be compared.
package struct SampleJudgement: Codable, Sendable, Equatable {
    /// Which sample: a slice and a row of its shard of the test part.
    package var slice: Int
    package var row: Int
    /// -log of the probability of the true class, or the mean of the squared errors; over the positions of a sequence,
    /// the mean of those that have a label.
    package var loss: Double
    package var isWrong: Bool
    /// What was to be learned, and what the model says: classes or numbers; of a sequence or of many outputs the first.
    package var targets: [Float]
    package var predictions: [Float]
    /// Of the class it chose; nil for numbers and for sequences.
    package var probability: Double?

    /// Targets and predictions that are kept of one sample.
    static let valueLimit = 16

    /// - Parameters:
    ///   - outputs: positions x width: logits or probabilities of classes, or predictions.
    ///   - targets: a label for each position, or for regression as many numbers as outputs.
    init(
        slice: Int, row: Int, meaning: OutputMeaning, width: Int, positions: Int,
        outputs: UnsafePointer<Float>, targets: UnsafePointer<Float>
    ) {
        (self.slice, self.row) = (slice, row)
        let numbers = meaning.task == .regression ? width * positions : positions
        let kept = min(numbers, Self.valueLimit)
        self.targets = (0..<kept).map { targets[$0] }
        guard meaning.task != .regression else {
            predictions = (0..<kept).map { outputs[$0] }
            let squares = (0..<numbers).reduce(0.0) { sum, place in
                let error = Double(outputs[place]) - Double(targets[place])
                return sum + error * error
            }
            loss = squares / Double(numbers)
            isWrong = squares != 0
            return
        }
        predictions = []
        (loss, isWrong) = (0, false)
        var labelled = 0
        for position in 0..<positions {
            let choice = ClassChoice(
                of: outputs + position * width, width: width, meaning: meaning, label: targets[position])
            if position < kept { predictions.append(Float(choice.predicted)) }
            if positions == 1 { probability = choice.probability }
            guard targets[position] >= 0 else { continue }
            labelled += 1
            loss += choice.loss
            if Float(choice.predicted) != targets[position] { isWrong = true }
        }
        if labelled > 0 { loss /= Double(labelled) }
    }

    /// The worse one first; where both are as bad, that of the earlier slice and row, whoever computed it.
    static func isWorse(_ a: SampleJudgement, _ b: SampleJudgement) -> Bool {
        let (lossA, lossB) = (a.loss.isNaN ? .infinity : a.loss, b.loss.isNaN ? .infinity : b.loss)
        return lossA == lossB ? (a.slice, a.row) < (b.slice, b.row) : lossA > lossB
    }
}

/// The class that one row of outputs speaks for, and how much it says for the true one.
private struct ClassChoice {
    let predicted: Int
    /// Of the predicted class.
    var probability: Double
    /// -log of the probability of the label; 0 where there is none.
    var loss = 0.0

    init(of outputs: UnsafePointer<Float>, width: Int, meaning: OutputMeaning, label: Float) {
        predicted = meaning.chosenClass(outputs, columns: width)
        // One output stands for the second of two classes.
        let logits: [Double]
        if meaning.areProbabilities {
            let shares =
                width == 1 ? [1 - Double(outputs[0]), Double(outputs[0])] : (0..<width).map { Double(outputs[$0]) }
            logits = shares.map { log(max($0, 1e-30)) }
        } else {
            logits = width == 1 ? [0, Double(outputs[0])] : (0..<width).map { Double(outputs[$0]) }
        }
        let largest = logits[predicted]
        let sum = logits.reduce(0) { $0 + exp($1 - largest) }
        probability = 1 / sum
        if let label = Int(exactly: label), logits.indices.contains(label) {
            loss = largest + log(sum) - logits[label]
        }
    }
}
