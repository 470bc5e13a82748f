import JobProtocol
import Testing

@testable import martlet

@Suite struct PlainProgressTests {
    @Test func tellsEachThingOnce() {
        let waiting = Sample.job(.waiting, detail: "for 1 more worker", generation: 0)
        #expect(PlainProgress.lines(from: nil, to: waiting) == ["waiting: for 1 more worker"])
        #expect(PlainProgress.lines(from: waiting, to: waiting) == [])

        let running = Sample.job(.running, progress: Sample.progress(), epochs: 2)
        #expect(
            PlainProgress.lines(from: waiting, to: running) == [
                "running", "generation 1 on worker-0, worker-1",
                "epoch 1/20  step 22  loss 1  12.3k samples/s  ETA 1m 23s",
                "epoch 2/20  step 44  loss 0.5  12.3k samples/s  ETA 1m 23s",
            ])
        #expect(PlainProgress.lines(from: running, to: running) == [])
    }

    @Test func aResumedJobDoesNotRepeatItsEpochs() {
        let before = Sample.job(.running, epochs: 3)
        let resumed = Sample.job(.running, epochs: 2, generation: 2)
        #expect(PlainProgress.lines(from: before, to: resumed) == ["generation 2 on worker-0, worker-1"])
        let further = Sample.job(.running, epochs: 4, generation: 2)
        #expect(PlainProgress.lines(from: before, to: further).last == "epoch 4/20  step 88  loss 0.25")
    }
}
