import ClusterProtocol
import JobProtocol
import Foundation
import NeuralNetworks
import Reports
import Testing
import Training

@testable import martlet

@Suite struct JobReportTests {
    private func report() throws -> JobReport {
        var job = Sample.job(.finished, detail: "made digits:2", epochs: 3)
        job.metrics = ["accuracy": 0.95, "loss": 0.2]
        job.specification.evaluate.gate = [.init(metric: .accuracy, comparison: .atLeast, value: 0.97)]
        job.curve[2].learningRate = 0.001
        job.curve[2].times = StepTimes(data: 1, forward: 2, backward: 3, communication: 4, update: 5)
        let evaluation = JobEvaluation(
            rows: 360, wrong: 2, classes: ["0", "1"], confusion: [[5, 1], [1, 6]],
            worst: [
                WorstSample(
                    content: .picture(channels: 1, height: 2, width: 2, pixels: Data([0, 1, 2, 3])), label: "0",
                    prediction: "1", probability: 0.8, loss: 1.6),
                WorstSample(
                    content: .values(names: ["<b>"], values: ["1 & 2"]), label: "1", prediction: "0",
                    probability: nil, loss: 1),
            ], machines: [])
        return JobReport(
            status: job, source: "name: digits\n", evaluation: evaluation, version: try Sample.model().versions[1])
    }

    @Test func aJobBecomesAPage() throws {
        let document = ReportDocument(try report())
        #expect(document.gate.map(\.passed) == [false])
        #expect(document.curve[2].time.map(\.seconds) == [1, 2, 3, 4, 5])
        #expect(document.mistakes?.caption == "2 of the 360 samples of the test part went wrong.")
        let html = document.html
        for expected in ["digits:2", "name: digits", "data:image/bmp", "&lt;b&gt;", "1 &amp; 2", "Learning rate"] {
            #expect(html.contains(expected), "\(expected)")
        }
    }

    @Test func aJobThatWaitsHasAPageToo() {
        let document = ReportDocument(
            JobReport(status: Sample.job(.waiting, detail: "needs 4 workers"), source: "name: digits"))
        #expect(document.html.contains("waiting: needs 4 workers"))
        #expect(document.gate.isEmpty && document.mistakes == nil)
    }

    @Test func settingsAreFlattened() throws {
        let settings = try FlatSettings.of(Sample.specification())
        #expect(settings["train.epochs"] == "20" && settings["model.input"] == "[64]")
        #expect(settings["train.optimizer.name"] == "adam" && settings["data.split.train"] == "0.8")
        #expect(settings["train.batch_size"] == "64")
        #expect(settings["model.bias"] == "true")
    }

    @Test func comparisonShowsFiguresAndDifferences() throws {
        var other = try report()
        other.status.id = "digits-2"
        other.status.specification.train.epochs = 7
        other.status.metrics["accuracy"] = 0.9
        let document = ComparisonDocument(runs: [try .init(try report()), try .init(other)])
        let lines = ComparisonView(document: document).lines()
        #expect(lines.contains { $0.hasPrefix("test accuracy") && $0.contains("0.95") && $0.hasSuffix("0.9") })
        #expect(lines.last?.hasPrefix("train.epochs") == true)
    }

    @Test func tracesOfSeveralWorkersShareAnAxis() {
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        func recording(_ name: String, _ origin: Date) -> Timeline.Recording {
            Timeline.Recording(
                worker: name, origin: origin, names: ["forward"], spans: [.init(name: 0, start: 10, duration: 5)],
                dropped: 0)
        }
        let trace = ChromeTrace(
            JobTrace(recordings: [recording("worker-0", start + 0.5), recording("worker-1", start)]))
        #expect(
            trace.workers.map(\.spans) == [
                [.init(name: "forward", start: 500_010, duration: 5)], [.init(name: "forward", start: 10, duration: 5)],
            ])
    }

    @Test func theProgressLineShowsMetricsWhereThereIsRoom() {
        var job = Sample.job(.running, progress: Sample.progress(), epochs: 4)
        job.curve[3].metrics = ["accuracy": 0.98765, "loss": 0.1]
        let line = ProgressDisplay.line(for: job, width: 110)
        #expect(line.contains("loss 0.125  accuracy 0.9877  12.3k samples/s"))
        let narrow = ProgressDisplay.line(for: job, width: 70)
        #expect(!narrow.contains("accuracy") && narrow.contains("12.3k samples/s") && narrow.count <= 70)
    }
}
