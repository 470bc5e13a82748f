package import ClusterProtocol

/// Asks for jobs, the newest first.
package struct ListJobs: OperatorCall {
    package typealias Answer = JobsPage
    package static let kind = MessageKind.listJobs

    /// Where the page before ended; nil: at the newest.
    package var before: Int?

    package init(before: Int? = nil) { self.before = before }

    package func check() throws(DocumentProblem) {
        try Check.count(before ?? 0, "before")
    }
}

/// As many jobs as fit.
package struct JobsPage: DocumentAnswer {
    package var jobs: [JobSummary]
    /// What to ask for to get the next page; nil: there is none.
    package var next: Int?
    /// Jobs that there are, on all pages.
    package var total: Int

    package init(jobs: [JobSummary], next: Int?, total: Int) {
        self.jobs = jobs
        self.next = next
        self.total = total
    }

    package func check() throws(DocumentProblem) {
        for job in jobs { try job.check() }
    }
}
