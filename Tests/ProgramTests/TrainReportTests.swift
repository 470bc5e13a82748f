import Tensors
import Testing
import Training

@testable import martlet

@Suite struct TrainReportTests {
    @Test func theFiguresAreOfTheCountedEpochs() {
        let times = StepTimes(data: 0.5, forward: 1, backward: 2, communication: 0.25, update: 0.25)
        let epochs = [4.0, 6.0].map { EpochRecord(epoch: 2, step: 1, trainingLoss: 1, seconds: $0, times: times) }
        let report = TrainReport(
            workload: .cnn, precision: .f32, workers: 2, threads: 1, epochs: epochs, wallSeconds: 12.5,
            peakResidentBytes: 123_000_000)
        #expect(report.samplesPerSecond == Double(2 * 2 * Workload.cnn.rows) / 10)
        #expect(
            report.lines == [
                "cnn f32 workers=2 batch/worker=64 samples/s=6144.0 peak-rss-mb=123",
                "  2 epochs, 10.0 s of steps: data=10.0% forward=20.0% backward=40.0% communication=5.0% update=5.0%",
                "  12.5 s in all: outside-steps=20.0%",
            ])
    }
}
