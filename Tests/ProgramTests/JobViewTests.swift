import JobProtocol
import Foundation
import Testing
import Training

@testable import martlet

@Suite struct JobViewTests {
    @Test func showsHowItWent() {
        var job = Sample.job(.finished, epochs: 2)
        job.started = Sample.now.addingTimeInterval(-60)
        job.ended = Sample.now.addingTimeInterval(-48)
        job.version = 3
        job.metrics = ["loss": 0.0912, "accuracy": 0.977777]
        #expect(
            JobView(job: job, now: Sample.now).lines() == [
                "job        digits-1", "model      digits:3", "state      finished",
                "submitted  2027-01-15T07:58:30Z", "took       12s", "workers    worker-0, worker-1 (generation 1)",
                "", "EPOCH  STEP  TRAINING LOSS", "    1    22              1", "    2    44            0.5",
                "", "test set", "METRIC     VALUE", "accuracy  0.9778", "loss      0.0912",
            ])
    }

    /// The job has finished all the same.
    @Test func aVersionThatWasDeletedIsNoFailureOfItsJob() {
        var job = Sample.job(.finished)
        job.version = 3
        job.metrics = ["accuracy": 0.977777, "f1": 0.5]
        #expect(
            Evaluation.lines(of: job, version: nil) == [
                "", "digits:3 was made and has been deleted, test set:", "  METRIC     VALUE", "  accuracy  0.9778",
            ])
    }

    @Test func aLongCurveKeepsItsEnds() {
        let curve = (1...1000).map { EpochRecord(epoch: $0, step: $0, trainingLoss: 1) }
        let thinned = JobView.thinned(curve, to: 20)
        #expect(thinned.count == 20)
        #expect(thinned.first?.epoch == 1)
        #expect(thinned.last?.epoch == 1000)
        #expect(JobView.thinned(Array(curve.prefix(20)), to: 20).count == 20)
        var job = Sample.job(.finished)
        job.curve = Array(curve.prefix(20))
        #expect(JobView(job: job, now: Sample.now).curveLines().count == 21)
        job.curve = curve
        #expect(
            JobView(job: job, now: Sample.now).curveLines().last
                == "20 of 1000 epochs of the curve are shown; --json has them all")
    }
}
