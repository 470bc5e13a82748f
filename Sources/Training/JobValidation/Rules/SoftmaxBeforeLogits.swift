import NeuralNetworks

/// A softmax or sigmoid in front of a loss that applies one itself: gradients become small, and training slow or stuck.
enum SoftmaxBeforeLogits: JobRule {
    static let name = "softmax-before-logits"

    static func findings(in job: JobUnderReview) -> [JobFinding] {
        guard job.lossReadsLogits, let main = job.chains.first else { return [] }
        guard let last = main.last(where: { !$0.isHead && $0.role != .passing }) else { return [] }
        // An activation may stand before the head like any other.
        let isSquashed = last.role == .distribution || (last.role.range == 0...1 && main.last?.isHead != true)
        guard isSquashed else { return [] }
        let place = main.last?.isHead == true ? "just before the head, whose outputs are logits" : "at the end"
        return [
            JobFinding(
                path: last.path,
                message: "a \(last.kind) \(place), but the loss takes logits and applies its own: "
                    + "leave this layer out, or choose a loss on probabilities")
        ]
    }
}
