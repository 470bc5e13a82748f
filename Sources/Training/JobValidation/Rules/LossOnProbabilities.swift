import NeuralNetworks

/// A loss that takes its inputs for probabilities, behind layers whose results are any numbers.
enum LossOnProbabilities: JobRule {
    static let name = "loss-on-probabilities"

    static func findings(in job: JobUnderReview) -> [JobFinding] {
        let loss = job.specification.loss.name
        guard loss.readsProbabilities, let last = job.chains.first?.last(where: { $0.role != .passing }),
            last.role.range != 0...1
        else { return [] }
        let logits = Loss(for: loss.meaning.task).name
        return [
            JobFinding(
                path: "train.loss",
                message: "\(loss.rawValue) takes probabilities, but the last layer, \(last.kind), gives any numbers: "
                    + "choose \(logits.rawValue), which takes those")
        ]
    }
}
