import ClusterProtocol
import JobProtocol
import Testing

@testable import martlet

@Suite struct StatusViewTests {
    @Test func showsNodesJobsAndModels() {
        let served = ClusterStatus.ServedModel(
            name: "digits", alias: "production", version: 2, replicasReady: 2,
            traffic: .init(requestsPerSecond: 1234, p50Milliseconds: 0.61, p99Milliseconds: 2.3, errorsPerSecond: 0))
        let status = Sample.status(jobs: [Sample.job(.running, progress: Sample.progress())], models: [served])
        #expect(
            StatusView(status: status, now: Sample.now, width: nil).lines() == [
                "cluster local-1  martlet 0.1.0  1/2 nodes alive",
                "state 1.5 MB, 12 of at most 1000 finished jobs kept",
                "",
                "NODES",
                "NAME         ROLE       STATE  ADDRESS                SINCE  CPU  MEMORY            CACHE  DOES",
                "worker-0     worker     alive  tcp://127.0.0.1:40001  1h 1m  99%   41 MB  12 MB of 4.0 GB  digits-1: epoch 5/20",
                "inference-0  inference  dead   tcp://127.0.0.1:40001  1h 1m  99%   41 MB                -  digits-1: epoch 5/20",
                "",
                "JOBS",
                "JOB       STATE    WORKERS  EPOCH   STEP   LOSS  SAMPLES/S     ETA   SUBMITTED  DETAIL",
                "digits-1  running        2   5/20  11/22  0.125      12.3k  1m 23s  1m 30s ago",
                "",
                "MODELS",
                "MODEL   ALIAS       VERSION  REPLICAS  REQ/S  P50 MS  P99 MS  ERRORS/S",
                "digits  production        2   2 ready   1.2k    0.61    2.30       0.0",
            ])
    }

    @Test func saysWhatToDoWhenThereIsNothing() {
        let lines = StatusView(status: Sample.status(), now: Sample.now, width: 60).lines()
        #expect(lines.contains("none yet: martlet train JOB.yaml"))
        #expect(lines.contains("none promoted yet: martlet promote NAME:VERSION"))
        #expect(lines.allSatisfy { $0.count <= 60 })
    }

    @Test func endedJobsDoNotCrowdOutRunningOnes() {
        let ended = (0..<40).map { number in
            var job = Sample.job(.finished)
            job.id = "old-\(number)"
            return job
        }
        let lines = StatusView(
            status: Sample.status(jobs: ended + [Sample.job(.running)]), now: Sample.now, width: nil
        ).jobLines()
        #expect(lines.count == 1 + 1 + 5 + 1)
        #expect(lines[1].hasPrefix("digits-1"))
        #expect(lines.last == "and 35 more: martlet jobs")
    }

    @Test func whatTheAnswerHadNoRoomForIsSaid() {
        var status = Sample.status(jobs: [Sample.job(.running)])
        status.omitted = .init(jobs: 160, launches: 3, models: 0)
        let view = StatusView(status: status, now: Sample.now, width: nil)
        #expect(view.jobLines().last == "and 160 more: martlet jobs")
        #expect(view.lines().last == "not shown: 3 launches")
        #expect(JobsView.rest(shown: 50, total: 50) == nil)
        #expect(
            JobsView.rest(shown: 50, total: 213) == "the newest 50 of 213 jobs; martlet jobs --all lists them all")
    }

    @Test func requestsThatANodeCouldNotAnswerAreShown() {
        var status = Sample.status()
        let calm = StatusView(status: status, now: Sample.now, width: nil).lines()
        #expect(!calm.contains { $0.contains("refused") })
        status.nodes[1].load = InferenceLoad(queuedRows: 3, answered: 120, cancelled: 2)
        #expect(StatusView(status: status, now: Sample.now, width: nil).lines() == calm)
        status.nodes[1].load?.refused = 7
        #expect(
            StatusView(status: status, now: Sample.now, width: nil).lines().contains(
                "inference-0: of its requests 120 answered, 7 refused (its queue was full), 0 given up (their time was over)"
            ))
    }

    @Test func damageInACacheIsShown() {
        var status = Sample.status()
        status.nodes[0].cache?.damaged = 2
        #expect(
            StatusView(status: status, now: Sample.now, width: nil).lines().contains(
                "worker-0: 2 damaged in its cache, and fetched again; look at its disk"))
    }

    @Test func aDiskThatIsFullIsShownWhereverTheJobIs() {
        var job = Sample.job(.running, detail: "on 2 workers", progress: Sample.progress())
        job.storageProblem = "cannot store: disk full"
        #expect(JobsView(jobs: [JobSummary(of: job)], now: Sample.now).lines()[1].contains("cannot store: disk full"))
        #expect(
            JobView(job: job, now: Sample.now).lines()
                .contains("problem    the coordinator cannot store: disk full; it goes on by itself"))
        #expect(
            ProgressDisplay.line(for: job, width: 100)
                == "running, but the coordinator cannot store: disk full; it goes on by itself")
        var before = job
        before.storageProblem = nil
        #expect(
            PlainProgress.lines(from: before, to: job) == [
                "the coordinator cannot store: disk full; the job goes on by itself when it can"
            ])
        #expect(PlainProgress.lines(from: job, to: job) == [])
    }

    @Test func aFrameFitsTheScreen() {
        let frame = Screen.frame((1...9).map(String.init), rows: 4)
        #expect(
            frame == "\u{1B}[H1\u{1B}[K\n2\u{1B}[K\n3\u{1B}[K\n… 6 more lines: enlarge the window\u{1B}[K\u{1B}[J"
        )
        #expect(Screen.frame(["a"], rows: 4) == "\u{1B}[Ha\u{1B}[K\u{1B}[J")
    }
}
