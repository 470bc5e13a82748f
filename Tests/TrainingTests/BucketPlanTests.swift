import Collectives
import Testing

@testable import Training

@Suite struct BucketPlanTests {
    @Test func bucketsFillFromTheEndAndAreTheWholeBuffer() {
        var tuning = Tuning()
        tuning.firstBucketBytes = 40
        tuning.bucketBytes = 80
        let plan = BucketPlan(boundaries: [0, 16, 32, 48, 64], count: 80, tuning: tuning)
        #expect(plan.buckets == [64..<80, 32..<64, 0..<32])
        #expect(BucketPlan(boundaries: [0], count: 16, tuning: tuning).buckets == [0..<16])
    }
}
