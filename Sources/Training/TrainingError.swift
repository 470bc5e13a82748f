/// Why training cannot go on, whatever is tried again.
package enum TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
    case lossIsNotFinite(epoch: Int, step: Int, loss: Double)
    case ranksDisagree(what: String)

    package var description: String {
        switch self {
        case .lossIsNotFinite(let epoch, let step, let loss):
            "the loss became \(loss) in epoch \(epoch), step \(step); "
                + "a smaller learning rate or normalised data (data.normalize: standard) usually helps"
        case .ranksDisagree(let what):
            "the workers disagree on \(what); they must run the same version of Martlet"
        }
    }
}
