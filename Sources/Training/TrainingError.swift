/// Why training cannot go on, whatever is tried again.
package enum TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The loss or the gradient of a step is no finite number; what it began with, if that could be found.
    case notFinite(StepPlace, loss: Double, gradientNorm: Double, origin: NonFiniteOrigin?)
    /// The spike guard has passed over more updates than it may.
    case tooManySpikes(StepPlace, skipped: Int, loss: Double, gradientNorm: Double, origin: NonFiniteOrigin?)
    /// The model is too large for this worker's machine.
    case noMemory(needed: UInt64, available: UInt64)
    /// No row of a part has a label, or a class with a weight.
    case nothingCounts(part: String, epoch: Int)
    /// What training ended with is nothing to use.
    case noResult(String)
    case ranksDisagree(what: String)

    package var description: String {
        switch self {
        case .notFinite(let place, let loss, let norm, let origin):
            "\(Self.what(loss, norm)) in \(place)\(Self.origin(origin)); "
                + "a smaller learning rate, train.clip or normalised data (data.normalize: standard) usually helps"
        case .tooManySpikes(let place, let skipped, let loss, let norm, let origin):
            "train.guard has passed over \(skipped) updates, more than its max_skips; in \(place) the loss is \(Self.text(loss)) "
                + "and the gradient's norm \(Self.text(norm))\(Self.origin(origin)); a smaller learning rate usually helps"
        case .noMemory(let needed, let available):
            "training takes \(needed >> 20) MiB on each worker, this one has \(available >> 20): make the model, "
                + "train.batch_size or the number of threads smaller, or train.slices larger"
        case .nothingCounts(let part, let epoch):
            "epoch \(epoch): no row of the \(part) part counts: all labels there are below 0, or of classes whose "
                + "train.loss.class_weights are 0"
        case .noResult(let reason):
            "\(reason); look for values in the data that are far out of line, and for a learning rate that is too large"
        case .ranksDisagree(let what):
            "the workers disagree on \(what); they must run the same version of Martlet"
        }
    }

    private static func what(_ loss: Double, _ norm: Double) -> String {
        loss.isFinite ? "the norm of the gradient became \(text(norm))" : "the loss became \(text(loss))"
    }

    /// Without the sign of what is no number, which means nothing.
    static func text(_ figure: Double) -> String {
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
