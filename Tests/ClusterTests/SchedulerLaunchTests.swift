import Messaging
import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane
@testable import Nodes

@Suite struct SchedulerLaunchTests {
    private var scene = ScheduleScene()

    private static let command = RankCommand(executable: "/opt/trainer", arguments: ["--epochs", "2"], directory: "/")

    private mutating func submit(workers: Int) -> (id: String, actions: Effects) {
        let request = scene.request()
        let call = StartLaunch(name: "towers", workers: workers, command: Self.command)
        let actions = scene.run { $0.submit(call, request: request, at: $1, into: &$2) }
        guard case .launch(let status)? = actions.answer(to: request) else {
            Issue.record("refused: \(actions)")
            return ("", actions)
        }
        return (status.id, actions)
    }

    /// A launch that runs on worker-0 and worker-1.
    private mutating func running() throws -> Launch {
        scene.addWorker("worker-0")
        scene.addWorker("worker-1")
        let (id, _) = submit(workers: 2)
        return try launch(id)
    }

    private func launch(_ id: String) throws -> Launch { try #require(scene.scheduler.launch(id)) }

    private mutating func ready(_ launch: Launch, rank: Int) -> Effects {
        let address = RankAddress(publicKey: KeyPair.generate().publicKey, endpoint: "tcp://127.0.0.1:\(rank + 1)")
        let ready = RankReady(launch: launch.id, generation: launch.generation, rank: rank, address: address)
        let request = scene.request()
        return scene.run { $0.rankReady(ready, from: "worker-\(rank)", request: request, at: $1, into: &$2) }
    }

    private mutating func end(
        _ launch: Launch, rank: Int, _ status: RankEnded.Status, tail: [String] = [], printed: Int = 0
    ) -> Effects {
        let ended = RankEnded(
            launch: launch.id, generation: launch.generation, rank: rank, status: status, tail: tail,
            printed: printed)
        let request = scene.request()
        return scene.run { $0.rankEnded(ended, from: "worker-\(rank)", request: request, at: $1, into: &$2) }
    }

    @Test mutating func waitsForWorkersThenStartsEachRankOnce() throws {
        scene.addWorker("worker-0")
        let (id, _) = submit(workers: 2)
        #expect(try launch(id).state == .waiting)
        #expect(try launch(id).detail == "waits for 2 workers, 1 is free")
        let actions = scene.addWorker("worker-1")
        #expect(actions.launches.map(\.rank) == [0, 1])
        #expect(actions.launches.map(\.worldSize) == [2, 2])
        #expect(actions.launches.map(\.command) == [Self.command, Self.command])
        #expect(try launch(id).status.workers == ["worker-0", "worker-1"])
    }

    @Test mutating func sharesTheQueueWithJobs() throws {
        scene.addWorker("worker-0")
        let (job, _) = scene.submit(.example(workers: 1))
        let (first, _) = submit(workers: 1)
        let (second, _) = submit(workers: 1)
        #expect(try launch(first).detail == "waits for 1 worker, 0 are free")
        #expect(try launch(second).detail == "waits behind \(first)")
        _ = scene.cancel(job)
        #expect(scene.leave("worker-0").launches.map(\.launch) == [first])
    }

    /// The worker is on its way out of what is over.
    @Test mutating func whatStartsInAMomentIsNoShortage() throws {
        scene.addWorker("worker-0")
        let (first, _) = submit(workers: 1)
        let (second, _) = submit(workers: 1)
        #expect(try launch(second).detail == "waits for 1 worker, 0 are free")
        let request = scene.request()
        scene.run { $0.cancelLaunch(first, request: request, at: $1, into: &$2) }
        #expect(try launch(second).detail == "starts as soon as worker-0 can take it")
        #expect(scene.leave("worker-0").launches.map(\.launch) == [second])
    }

    @Test mutating func theRosterGoesOutOnceAllRanksListen() throws {
        let running = try running()
        #expect(ready(running, rank: 1).rosters.isEmpty)
        let rosters = ready(running, rank: 0).rosters
        #expect(rosters.map(\.node) == ["worker-0", "worker-1"])
        #expect(rosters.allSatisfy { $0.roster.ranks.map(\.node) == ["worker-0", "worker-1"] })
        #expect(
            rosters.first?.roster.ranks.map(\.address.endpoint) == ["tcp://127.0.0.1:1", "tcp://127.0.0.1:2"])
    }

    @Test mutating func isFinishedWhenAllRanksEndWell() throws {
        let running = try running()
        #expect(end(running, rank: 0, .exited(0)).stopped.isEmpty)
        #expect(try launch(running.id).state == .running)
        _ = end(running, rank: 1, .exited(0))
        #expect(try launch(running.id).state == .finished)
        #expect(try launch(running.id).detail == "all 2 ranks ended well")
    }

    @Test(arguments: [
        (RankEnded.Status.signalled(9), "rank 1 (worker-1) was ended by signal 9 (SIGKILL): epoch 3"),
        (.exited(2), "rank 1 (worker-1) ended with status 2: epoch 3"),
        (.notStarted("no such file"), "rank 1 (worker-1) did not start: no such file"),
    ])
    mutating func oneRankThatFailsEndsTheOthers(_ status: RankEnded.Status, _ detail: String) throws {
        let running = try running()
        let actions = end(running, rank: 1, status, tail: ["epoch 3", ""])
        #expect(actions.stopped.contains("worker-0"))
        #expect(try launch(running.id).state == .failed)
        #expect(try launch(running.id).detail == detail)
        // What the others say of their end afterwards is not the reason.
        _ = end(running, rank: 0, .signalled(15))
        #expect(try launch(running.id).detail == detail)
    }

    /// A trap prints its reason above the frames of the stack, an exception below them.
    @Test mutating func theReasonIsTheLineThatNamesAnError() throws {
        let running = try running()
        _ = end(
            running, rank: 1, .signalled(5),
            tail: ["main.swift:3: Fatal error: no data", "", "Thread 0 crashed:", "0 main in trainer"])
        #expect(
            try launch(running.id).detail
                == "rank 1 (worker-1) was ended by signal 5 (SIGTRAP): main.swift:3: Fatal error: no data")
    }

    /// A launch is not stored. Its name and its generation are not given again all the same.
    @Test mutating func anotherCoordinatorGivesOtherNames() throws {
        scene.addWorker("worker-0")
        let (first, _) = submit(workers: 1)
        let before = try launch(first)
        scene = scene.restarted()
        scene.addWorker("worker-0")
        let (second, _) = submit(workers: 1)
        let after = try launch(second)
        #expect(before.id == "towers-1" && after.id == "towers-2")
        #expect(after.generation > before.generation)
    }

    @Test mutating func aDeadWorkerEndsItAndItsWorkersAreFreeAgain() throws {
        let running = try running()
        let actions = scene.die("worker-1")
        #expect(actions.stopped == ["worker-0"])
        #expect(try launch(running.id).detail == "rank 1 (worker-1): the worker died: no heartbeat for 3 s")
        let (next, _) = submit(workers: 1)
        #expect(try launch(next).state == .waiting)
        #expect(scene.leave("worker-0").launches.map(\.launch) == [next])
    }

    @Test mutating func aRefusalEndsItWithTheWorkersWords() throws {
        let running = try running()
        scene.run {
            $0.launchOrderAnswered(
                "worker-0", launch: running.id, generation: running.generation,
                failure: "worker-0 may not start /opt/trainer", at: $1, into: &$2)
        }
        #expect(try launch(running.id).detail == "worker-0 may not start /opt/trainer")
    }

    @Test mutating func canBeCancelledOnce() throws {
        let running = try running()
        let request = scene.request()
        let actions = scene.run { $0.cancelLaunch(running.id, request: request, at: $1, into: &$2) }
        #expect(actions.stopped == ["worker-0", "worker-1"])
        #expect(try launch(running.id).state == .cancelled)
        #expect(scene.run { $0.cancelLaunch(running.id, request: request, at: $1, into: &$2) }.stopped.isEmpty)
        scene.run { #expect(!$0.cancelLaunch("nobody-1", request: request, at: $1, into: &$2)) }
    }

    @Test mutating func outputIsTakenFromItsOwnWorkerOnly() throws {
        let running = try running()
        func print(_ rank: Int, from name: String, first: Int, _ lines: [String]) -> Effects {
            let output = RankOutput(
                launch: running.id, generation: running.generation, rank: rank, first: first, lines: lines)
            let request = scene.request()
            return scene.run { scheduler, _, effects in
                scheduler.rankPrinted(output, from: name, request: request, into: &effects)
            }
        }
        _ = print(0, from: "worker-0", first: 0, ["a", "b"])
        _ = print(0, from: "worker-0", first: 0, ["a", "b", "c"])
        _ = print(0, from: "worker-1", first: 3, ["forged"])
        _ = print(1, from: "worker-1", first: 2, ["late"])
        let lines = try launch(running.id).output.lines(after: 0)
        #expect(
            lines.lines.map(\.text) == [
                "a", "b", "c", LaunchReport.leftOut(2), "late",
            ])
        #expect(lines.lines.map(\.rank) == [0, 0, 0, 1, 1])
        #expect(try launch(running.id).output.lines(after: lines.next).lines.isEmpty)
    }

    /// The last lines of a rank may be those that nobody had room for, also of one that is ended with its launch.
    @Test mutating func whatARankPrintedLastAndDidNotPassOnIsCounted() throws {
        let running = try running()
        _ = end(running, rank: 0, .exited(1), tail: ["bye"], printed: 7)
        #expect(try launch(running.id).state == .failed)
        _ = end(running, rank: 1, .signalled(15), printed: 5)
        _ = end(running, rank: 1, .signalled(15), printed: 5)
        let report = try launch(running.id).output.lines(after: 0)
        #expect(report.lines.map(\.text) == [LaunchReport.leftOut(7), LaunchReport.leftOut(5)])
        #expect(report.next == 12)
        #expect(LaunchReport.leftOut(7).hasPrefix("(7 lines left out; ") && LaunchReport.leftOut(7).contains("16 MiB"))
    }

    /// A line that says how many were left out may be pushed out itself.
    @Test func linesThatWereLeftOutAndAreNoLongerKeptAreCounted() {
        var output = LaunchOutput()
        let count = LaunchOutput.limit
        output.add(RankOutput(launch: "a", generation: 1, rank: 0, first: 50, lines: ["behind the gap"]))
        let early = output.lines(after: 0)
        #expect(early.missed == 0 && early.next == 51)
        #expect(early.lines.map(\.text) == [LaunchReport.leftOut(50), "behind the gap"])
        output.add(
            RankOutput(launch: "a", generation: 1, rank: 1, first: 0, lines: Array(repeating: "x", count: count)))
        #expect(output.lines(after: 0).missed == 51)
        #expect(output.lines(after: early.next).missed == 0)
        #expect(output.lines(after: 51 + count).next == 51 + count)
    }

    /// Far more than any place has room for, on the way from two ranks to a person.
    @Test func whatIsShownAndWhatIsLeftOutIsAllThatWasPrinted() async {
        let queues = [RankOutputQueue(), RankOutputQueue()]
        let bursts = 20
        let burst = 5000
        var output = LaunchOutput()
        var next = 0
        var shown = 0
        var leftOut = 0
        func look() -> Bool {
            let report = output.lines(after: next)
            next = report.next
            leftOut += report.missed
            for line in report.lines {
                if line.text == "x" {
                    shown += 1
                } else {
                    leftOut += line.text.dropFirst().split(separator: " ").first.flatMap { Int($0) } ?? 0
                }
            }
            return !report.lines.isEmpty
        }
        func pass(_ batch: (first: Int, lines: [String])?, of rank: Int) {
            guard let batch else { return }
            output.add(RankOutput(launch: "a", generation: 1, rank: rank, first: batch.first, lines: batch.lines))
        }
        for round in 0..<bursts {
            for (rank, queue) in queues.enumerated() {
                queue.add(Array(repeating: "x", count: burst))
                for _ in 0..<7 { pass(await queue.next(), of: rank) }
            }
            if round % 3 == 0 { _ = look() }
        }
        for (rank, queue) in queues.enumerated() {
            queue.finish()
            while let batch = await queue.next() { pass(batch, of: rank) }
            #expect(queue.printed == bursts * burst)
            output.end(rank, printed: queue.printed)
        }
        while look() {}
        #expect(shown > 0 && leftOut > 0)
        #expect(shown + leftOut == 2 * bursts * burst)
    }

    @Test mutating func whatCannotRunIsRefused() {
        for (name, workers) in [("no/name", 1), ("towers", 0)] {
            let request = scene.request()
            let call = StartLaunch(name: name, workers: workers, command: Self.command)
            let actions = scene.run { $0.submit(call, request: request, at: $1, into: &$2) }
            #expect(actions.failure(of: request)?.code == .invalidArgument)
        }
    }

    @Test func onlyTheNewestOutputIsKept() {
        var output = LaunchOutput()
        let count = LaunchOutput.limit + 100
        output.add(RankOutput(launch: "a", generation: 1, rank: 0, first: 0, lines: (0..<count).map { "\($0)" }))
        let report = output.lines(after: 0)
        #expect(report.missed == 100)
        #expect(report.lines.first?.text == "100")
        #expect(report.lines.count == LaunchOutput.reportLimit)
        #expect(report.next == 100 + LaunchOutput.reportLimit)
    }

    @Test func longLinesTakeTheRoomOfMany() {
        var output = LaunchOutput()
        let line = String(repeating: "x", count: 4096)
        for first in stride(from: 0, to: 1500, by: 500) {
            output.add(
                RankOutput(
                    launch: "a", generation: 1, rank: 0, first: first, lines: Array(repeating: line, count: 500)))
        }
        let (_, missed, next) = output.lines(after: 0)
        #expect(missed == 1500 - LaunchOutput.byteLimit / 4096)
        #expect(next == missed + LaunchOutput.reportLimit)
        output.add(RankOutput(launch: "a", generation: 1, rank: 0, first: 1500, lines: ["the last"]))
        #expect(output.lines(after: 1500).lines.map(\.text) == ["the last"])
    }
}

extension Effects {
    fileprivate var launches: [LaunchAssignment] {
        compactMap { if case .order(.launch(let assignment), _, _) = $0 { assignment } else { nil } }
    }

    fileprivate var rosters: [(node: String, roster: LaunchRoster)] {
        compactMap { if case .order(.roster(let roster), let node, _) = $0 { (node, roster) } else { nil } }
    }
}
