import Datasets
import Digests
import Foundation
import Testing
import Training

@testable import martlet

@Suite struct WorkloadTests {
    /// What `martlet bench train` makes up is data as any other.
    @Test(arguments: Workload.allCases) func itsDataCanBeLearnedFrom(_ workload: Workload) throws {
        let folder = try ReadingFolder()
        let file = folder.url.appending(path: "data.csv")
        let rows = 2 * workload.batchSize
        try workload.writeData(rows: rows, to: file)
        let job = workload.job(data: file, workers: 1, epochs: 1)
        let plan = try DatasetPlanner(of: job).plan { ContentDigest(of: $0) }
        #expect(plan.trainingRows == rows)
    }
}
