package import ClusterProtocol

/// All that is known of one job: what `martlet report` makes its page from.
package struct JobReport: DocumentAnswer {
    package var status: JobStatus
    /// The job file as it was written.
    package var source: String
    /// Nil until the data is indexed.
    package var data: DataSummary?
    /// Nil until the job has finished, and if it had no test part.
    package var evaluation: JobEvaluation?
    /// The version that the job made.
    package var version: ModelStatus.Version?

    package init(
        status: JobStatus, source: String, data: DataSummary? = nil, evaluation: JobEvaluation? = nil,
        version: ModelStatus.Version? = nil
    ) {
        self.status = status
        self.source = source
        self.data = data
        self.evaluation = evaluation
        self.version = version
    }
}

extension JobReport {
    package func check() throws(DocumentProblem) {
        try status.check()
        try evaluation?.check()
        try version?.check()
    }
}
