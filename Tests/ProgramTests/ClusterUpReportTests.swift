import Testing

@testable import martlet

@Suite struct ClusterUpReportTests {
    private func lines(
        started: [String] = [], running: [String] = ["coordinator"], supervisor: Bool = false, ended: Bool = false,
        unserved: [String] = []
    ) -> [String] {
        ClusterUpReport(
            cluster: "a", started: started, alreadyRunning: running, coordinator: "tcp://h:1", gateway: "http://h:2",
            logs: "/logs", remote: [:], isCurrent: true, startedSupervisor: supervisor, endedSupervisor: ended,
            unserved: unserved
        ).lines()
    }

    @Test func saysWhatWasStarted() {
        #expect(lines()[0] == "cluster 'a' is already up: 1 process runs, nothing was changed")
        #expect(lines(supervisor: true)[0] == "cluster 'a' is already up: 1 process runs; the supervisor was started")
        #expect(
            lines(ended: true)[0]
                == "cluster 'a' is already up: 1 process runs; the supervisor was ended: nothing is started again")
        #expect(
            lines(started: ["worker-0"], supervisor: true)[0]
                == "cluster 'a' is up again: started worker-0; 1 other ran on")
    }

    @Test func namesWhatIsNotServedYet() {
        #expect(
            lines(unserved: ["digits:2 (digits@production)"]).last
                == "not served yet: digits:2 (digits@production); `martlet status` and the inference nodes' logs say why"
        )
        #expect(!lines().contains { $0.hasPrefix("not served") })
    }
}
