import JobProtocol
import Testing

@testable import martlet

@Suite struct ProgressLineTests {
    @Test func showsWhatAPersonWaitsFor() {
        #expect(
            ProgressLine.text(Sample.progress(), width: 100)
                == "[######------------------------]  22%  epoch 5/20  loss 0.125  12.3k samples/s  ETA 1m 23s")
    }

    @Test(arguments: 1...120) func neverExceedsTheTerminal(width: Int) {
        #expect(ProgressLine.text(Sample.progress(), width: width).count <= width)
    }

    @Test func staysBetweenNothingAndAll() {
        var progress = Sample.progress(epoch: 1, step: 0)
        #expect(ProgressLine.fraction(of: progress) == 0)
        progress = Sample.progress(epoch: 20, step: 22)
        #expect(ProgressLine.fraction(of: progress) == 1)
        progress.steps = 0
        #expect(ProgressLine.fraction(of: progress) == 0)
        #expect(ProgressLine.bar(1, width: 5) == "[#####]")
        #expect(ProgressLine.bar(0, width: 5) == "[-----]")
    }

    @Test func beforeTheFirstStepTheStateIsShown() {
        let line = ProgressDisplay.line(for: Sample.job(.waiting, detail: "needs 4 workers,\nthere are 2"), width: 80)
        #expect(line == "waiting: needs 4 workers, there are 2")
        let reads = Sample.job(.preparing, detail: "reads a.csv")
        #expect(ProgressDisplay.line(for: reads, after: .seconds(12), width: 80) == "preparing: reads a.csv, 12s")
        #expect(ProgressDisplay.line(for: reads, after: .milliseconds(900), width: 80) == "preparing: reads a.csv")
        let finished = ProgressDisplay.line(for: Sample.job(.finished, detail: "made digits:1", epochs: 4), width: 100)
        #expect(finished == "[\(String(repeating: "#", count: 30))] 100%  epoch 4/20  loss 0.25  made digits:1")
    }
}
