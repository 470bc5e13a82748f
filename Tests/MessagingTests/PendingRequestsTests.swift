import Testing

@testable import Messaging

@Suite struct PendingRequestsTests {
    private typealias Pending = PendingRequests<String>

    private let peer = ConnectionKey(channel: 1, connection: 7)

    private func pending(_ deadlines: [UInt64]) -> Pending {
        var pending = Pending()
        for (index, deadline) in deadlines.enumerated() {
            pending.insert(
                .init(messageID: UInt64(index), destination: peer, deadline: deadline, completion: "\(index)"))
        }
        return pending
    }

    @Test func answersAreTakenOnce() {
        var pending = pending([10, 20])
        #expect(pending.answer(to: 1, from: peer)?.completion == "1")
        #expect(pending.answer(to: 1, from: peer) == nil)
        #expect(pending.answer(to: 5, from: peer) == nil)
        #expect(pending.count == 1)
    }

    @Test func onlyTheOneAskedMayAnswer() {
        var pending = pending([10])
        #expect(pending.answer(to: 0, from: .init(channel: 1, connection: 8)) == nil)
        #expect(pending.answer(to: 0, from: .init(channel: 2, connection: 7)) == nil)
        #expect(pending.answer(to: 0, from: peer) != nil)
    }

    @Test func deadlinesExpireInOrder() {
        var pending = pending([30, 10, 20, 40])
        #expect(pending.nextDeadline() == 10)
        #expect(pending.expire(at: 9).isEmpty)
        #expect(pending.expire(at: 30).map(\.completion) == ["1", "2", "0"])
        #expect(pending.nextDeadline() == 40)
        #expect(pending.remove(3)?.completion == "3")
        #expect(pending.nextDeadline() == nil)
    }

    @Test func answeredRequestsDoNotExpire() {
        var pending = pending([10, 20])
        _ = pending.answer(to: 0, from: peer)
        #expect(pending.nextDeadline() == 20)
        #expect(pending.expire(at: 100).map(\.completion) == ["1"])
    }

    @Test func manyAnsweredRequestsLeaveNothingBehind() {
        var pending = Pending()
        for id in 0..<100_000 as Range<UInt64> {
            pending.insert(.init(messageID: id, destination: peer, deadline: 1 << 40 + id, completion: ""))
            _ = pending.answer(to: id, from: peer)
        }
        #expect(pending.deadlineCount < 2000)
        #expect(pending.nextDeadline() == nil)
    }

    @Test func requestsOfOneDestinationCanBeTaken() {
        var pending = pending([10, 20])
        pending.insert(
            .init(messageID: 9, destination: .init(channel: 2, connection: 0), deadline: 5, completion: "other"))
        #expect(Set(pending.removeAll { $0.destination.channel == 1 }.map(\.completion)) == ["0", "1"])
        #expect(pending.nextDeadline() == 5)
    }
}
