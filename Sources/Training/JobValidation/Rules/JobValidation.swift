/// Looks a job over for the classic mistakes: what runs without any error and still does not do what was meant.
public enum JobValidation {
    /// In the order in which their warnings are told.
    static let rules: [any JobRule.Type] = [
        SoftmaxBeforeLogits.self,
        LossOnProbabilities.self,
        LinearWithoutActivation.self,
        HeadWrittenOut.self,
        TargetOutOfRange.self,
        LearningRateOutOfRange.self,
        NothingLearned.self,
    ]

    /// What the rules find in a job whose network can be built.
    ///
    /// - Parameter data: nil where the data was not read; rules that need it stay silent then.
    public static func warnings(
        for specification: JobSpecification, data: DataFacts? = nil
    ) -> [JobWarning] {
        let job = JobUnderReview(specification: specification, data: data)
        return rules.flatMap { rule in
            rule.findings(in: job).map { JobWarning(rule: rule.name, path: $0.path, message: $0.message) }
        }
    }
}
