import Testing
import Wire

@testable import Coordinator

@Suite struct LanesTests {
    private enum Lane: CaseIterable {
        case first, second, third
    }

    @Test func lanesTakeTurns() {
        var lanes = Lanes<Lane, String>(limits: .init(elements: 10, ofSender: 10))
        let taken = ["a0", "a1", "a2"].map { lanes.offer($0, in: .first, from: "a") }
        let other = lanes.offer("b0", in: .second, from: "b")
        #expect(taken == [true, true, true] && other)
        lanes.put("c0", in: .third)
        var order: [String] = []
        while let element = lanes.next() { order.append(element) }
        #expect(order == ["a0", "b0", "c0", "a1", "a2"])
    }

    @Test func aFullLaneLeavesTheOthersAlone() {
        var lanes = Lanes<Lane, Int>(limits: .init(elements: 3, ofSender: 3))
        let taken = ["flood", "flood", "flood", "another"].map { lanes.offer(0, in: .first, from: $0) }
        #expect(taken == [true, true, true, false])
        let elsewhere = lanes.offer(4, in: .second, from: "flood")
        #expect(elsewhere)
        lanes.put(5, in: .first)
        #expect(lanes.count(of: .first) == 4 && lanes.count(of: .second) == 1)
    }

    @Test func oneSenderDoesNotFillALane() {
        var lanes = Lanes<Lane, Int>(limits: .init(elements: 10, ofSender: 2))
        let taken = [1, 2, 3].map { lanes.offer($0, in: .first, from: "flood") }
        #expect(taken == [true, true, false])
        let another = lanes.offer(4, in: .first, from: "another")
        #expect(another)
        let first = lanes.next()
        #expect(first == 1)
        let again = lanes.offer(5, in: .first, from: "flood")
        #expect(again)
    }

    @Test func theInboxHandsOverToAWaitingReaderAndEndsWhenItIsClosed() async {
        let inbox = LaneInbox<ControlLane, Int>(limits: .init(elements: 1, ofSender: 1))
        async let received = inbox.next()
        #expect(inbox.offer(7, in: .workers, from: "worker-0"))
        #expect(await received == 7)
        #expect(inbox.offer(8, in: .workers, from: "worker-0"))
        #expect(!inbox.offer(9, in: .workers, from: "worker-1"))
        inbox.put(10, in: .completions)
        inbox.close()
        #expect(!inbox.offer(11, in: .operators, from: "operator"))
        // Whose turn is next depends on whether the first element met a reader who waited.
        let rest = [await inbox.next(), await inbox.next()]
        #expect(Set(rest) == [8, 10])
        #expect(await inbox.next() == nil)
    }

    @Test func heartbeatsOperatorsAndWorkersHaveLanesOfTheirOwn() {
        let document = Envelope.Body.document(Document(kind: "x", json: []))
        let heartbeat = Envelope.Body.heartbeat(Heartbeat(incarnation: 1, cpuPercent: 0, residentBytes: 0))
        let worker = Peer.example("worker-0")
        #expect(ControlLane(of: heartbeat, from: worker) == .membership)
        #expect(ControlLane(of: .join(.example("worker-0")), from: worker) == .membership)
        #expect(ControlLane(of: document, from: worker) == .workers)
        #expect(ControlLane(of: document, from: .example("operator", .operator)) == .operators)
        // What an inference node says of a version stays in order with its heartbeats, which say it too.
        #expect(ControlLane(of: document, from: .example("inference-0", .inference)) == .membership)
        #expect(ControlLane(of: .acknowledgement, from: worker) == nil)
    }
}
