package import Datasets
package import Digests
import Explanations

/// What is kept of a job's data once its plan is gone.
package struct DataSummary: Codable, Sendable, Equatable {
    package var digest: ContentDigest
    package var rows: Int
    package var trainingRows: Int
    package var validationRows: Int
    package var testRows: Int
    /// Inputs of the network that a row became.
    package var inputs: Int
    /// What was done to the data, or seems odd; the first few, nil if there are none.
    package var notes: [String]?

    /// Notes that are kept, and bytes of each.
    private static let noteLimit = 20
    private static let noteLength = 500

    package init(of plan: DataPlan) {
        digest = plan.digest
        rows = plan.rows
        trainingRows = plan.trainingRows
        validationRows = plan.validationRows
        testRows = plan.testRows
        inputs = plan.preprocessing.featureCount
        notes = plan.notes.map { all in
            let kept = all.prefix(Self.noteLimit).map { $0.description.shortened(toBytes: Self.noteLength) }
            return all.count > kept.count ? kept + ["and \(all.count - kept.count) more"] : kept
        }
    }
}
