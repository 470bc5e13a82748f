import JobProtocol
import Foundation
import Reports

extension ComparisonDocument.Run {
    /// Throws what the JSON encoder says of a specification.
    init(_ report: JobReport) throws {
        let status = report.status
        self.init(
            job: status.id, curve: status.curve.map(ReportEpoch.init), metrics: status.metrics,
            settings: try FlatSettings.of(status.specification))
    }
}
