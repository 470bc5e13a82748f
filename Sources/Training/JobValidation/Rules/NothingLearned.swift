import NeuralNetworks

/// A network none of whose parameters change: it ends as it began, but for statistics that are not frozen with them.
enum NothingLearned: JobRule {
    static let name = "nothing-learned"

    static func findings(in job: JobUnderReview) -> [JobFinding] {
        // A model that cannot be built is told of elsewhere.
        guard let network = try? Network(job.specification.model), network.learnedRanges.allSatisfy(\.isEmpty) else {
            return []
        }
        let outcome =
            network.statisticsRanges.isEmpty
            ? "nothing is learned and the model stays as it starts"
            : "no parameter is learned and only the statistics of batch_norm move"
        return [
            JobFinding(
                path: "model.freeze",
                message: "all parameters are frozen, so \(outcome): leave out those that are to be learned")
        ]
    }
}
