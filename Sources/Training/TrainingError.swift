/// Why training cannot go on, whatever is tried again.
package enum TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The loss or the gradient of a step is no finite number; what it began with, if that could be found.
    case notFinite(StepPlace, loss: Double, gradientNorm: Double, origin: NonFiniteOrigin?)
    /// The spike guard has passed over more updates than it may.
    case tooManySpikes(StepPlace, skipped: Int, loss: Double, gradientNorm: Double, origin: NonFiniteOrigin?)
    case ranksDisagree(what: String)

    package var description: String {
        switch self {
        case .notFinite(let place, let loss, let norm, let origin):
            "\(Self.what(loss, norm)) in \(place)\(Self.origin(origin)); "
                + "a smaller learning rate, train.clip or normalised data (data.normalize: standard) usually helps"
        case .tooManySpikes(let place, let skipped, let loss, let norm, let origin):
            "train.guard has passed over \(skipped) updates, more than its max_skips; in \(place) the loss is \(Self.text(loss)) "
                + "and the gradient's norm \(Self.text(norm))\(Self.origin(origin)); a smaller learning rate usually helps"
        case .ranksDisagree(let what):
            "the workers disagree on \(what); they must run the same version of Martlet"
        }
    }

    private static func what(_ loss: Double, _ norm: Double) -> String {
        loss.isFinite ? "the norm of the gradient became \(text(norm))" : "the loss became \(text(loss))"
    }

    /// Without the sign of what is no number, which means nothing.
    private static func text(_ figure: Double) -> String {
        figure.isNaN ? "nan" : "\(figure)"
    }

    private static func origin(_ origin: NonFiniteOrigin?) -> String {
        origin.map { ": \($0)" } ?? ""
    }
}

/// A step of a run, both counted from 1.
package struct StepPlace: Sendable, Equatable, CustomStringConvertible {
    package var epoch: Int
    /// Within the epoch.
    package var step: Int

    package init(epoch: Int, step: Int) {
        self.epoch = epoch
        self.step = step
    }

    package var description: String { "epoch \(epoch), step \(step)" }
}

/// Where numbers that are not finite came from, found by computing the step once more.
package struct NonFiniteOrigin: Codable, Sendable, Equatable, CustomStringConvertible {
    /// Such as `the output of Linear (2.weight, 2.bias)`.
    package var what: String
    /// Of the epoch, counted from 1.
    package var batch: Int
    package var slice: Int
    /// The first and the last row of the batch that were computed together, counted from 1.
    package var rows: ClosedRange<Int>

    package var description: String {
        "the first that is not finite is \(what), for rows \(rows.lowerBound) to \(rows.upperBound) of batch \(batch) "
            + "(slice \(slice))"
    }
}
