/// Everything that a report of one job shows. Plain values, so that a report can be made from anything, anywhere.
package struct ReportDocument: Sendable, Equatable {
    /// A name and what it is.
    package struct Fact: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// One bound of the gate that a version must pass.
    package struct GateFigure: Sendable, Equatable {
        package var metric: String
        /// Such as `>= 0.97`.
        package var bound: String
        package var value: Double?
        package var passed: Bool

        package init(metric: String, bound: String, value: Double?, passed: Bool) {
            self.metric = metric
            self.bound = bound
            self.value = value
            self.passed = passed
        }
    }

    /// The job's name, such as `digits-3`.
    package var job: String
    /// Such as `finished`, and why.
    package var state: String
    /// What matters most, shown large.
    package var summary: [Fact] = []
    package var warnings: [String] = []
    package var curve: [ReportEpoch] = []
    /// On the test part.
    package var metrics: [Fact] = []
    package var gate: [GateFigure] = []
    package var confusion: ConfusionMatrix?
    package var mistakes: Mistakes?
    /// As it was written.
    package var jobFile = ""
    package var data: [Fact] = []
    package var environment: [Fact] = []
    package var provenance: [Fact] = []

    package init(job: String, state: String) {
        self.job = job
        self.state = state
    }
}
