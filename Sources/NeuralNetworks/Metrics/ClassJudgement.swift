import Foundation

/// What a network's outputs say of one row, in double precision.
struct ClassJudgement {
    /// The most likely class, the first of several; nil where an output is no finite number, which says nothing.
    let predicted: Int?
    /// How many classes are more likely than the label's.
    let rank: Int
    /// Of the predicted class.
    let confidence: Double
    /// -log of the label's probability, bounded as in scikit-learn.
    let negativeLogarithm: Double
    /// What makes a probability of an output: (value - offset) exponentiated, or the value itself if this is nil.
    let offset: Double?

    /// Probabilities are not taken for closer to 0 or 1 than this.
    private static let closest = Double.ulpOfOne

    init(of values: UnsafePointer<Float>, label: Int, in scope: MetricScope) {
        guard (0..<scope.outputs).allSatisfy({ values[$0].isFinite }) else {
            // Wrong in every respect: no class, behind all others, and nothing left for the right one.
            predicted = nil
            rank = .max
            confidence = .nan
            negativeLogarithm = Self.bounded(0)
            offset = nil
            return
        }
        let chosen = scope.meaning.chosenClass(values, columns: scope.outputs)
        if scope.task == .binary {
            let value = Double(values[0])
            let areProbabilities = scope.meaning.areProbabilities
            let one = areProbabilities ? value : 1 / (1 + exp(-value))
            let zero = areProbabilities ? 1 - value : 1 / (1 + exp(value))
            predicted = chosen
            rank = chosen == label ? 0 : 1
            confidence = max(one, zero)
            negativeLogarithm = Self.bounded(label == 1 ? one : zero)
            offset = nil
            return
        }
        predicted = chosen
        // Of equals scikit-learn takes the later ones for more likely here.
        rank = (0..<scope.outputs).count {
            values[$0] > values[label] || (values[$0] == values[label] && $0 > label)
        }
        guard !scope.meaning.areProbabilities else {
            offset = nil
            confidence = Double(values[chosen])
            negativeLogarithm = Self.bounded(Double(values[label]))
            return
        }
        let largest = Double(values[chosen])
        var sum = 0.0
        for index in 0..<scope.outputs { sum += exp(Double(values[index]) - largest) }
        let logarithm = largest + log(sum)
        offset = logarithm
        confidence = exp(largest - logarithm)
        negativeLogarithm = Self.bounded(exp(Double(values[label]) - logarithm))
    }

    private static func bounded(_ probability: Double) -> Double {
        -log(min(max(probability, closest), 1 - closest))
    }
}
