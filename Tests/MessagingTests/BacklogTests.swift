import Testing

@testable import Messaging

@Suite struct BacklogTests {
    @Test func boundsMessagesAndBytesOfEachPeer() {
        let backlog = Backlog(messages: 2, bytes: 100)
        #expect(backlog.reserve(bytes: 60, for: 1))
        #expect(!backlog.reserve(bytes: 41, for: 1))
        #expect(backlog.reserve(bytes: 40, for: 1))
        #expect(!backlog.reserve(bytes: 0, for: 1))
        #expect(backlog.reserve(bytes: 100, for: 2))
        backlog.release(bytes: 60, for: 1)
        #expect(backlog.load(of: 1) == Backlog.Load(messages: 1, bytes: 40))
        #expect(backlog.reserve(bytes: 60, for: 1))
    }

    @Test func messagesCountUntilTheLastHolderLetsGo() {
        let backlog = Backlog(messages: 2, bytes: 100)
        #expect(backlog.reserve(bytes: 10, for: 3))
        var outgoing: Outgoing? = Outgoing(
            messageID: 1, peer: "worker-0", connection: 3, byteCount: 10, envelope: Frame(copying: [1]), frames: [],
            backlog: backlog)
        #expect(backlog.load(of: 3).messages == 1)
        withExtendedLifetime(outgoing) {}
        outgoing = nil
        #expect(backlog.load(of: 3) == Backlog.Load())
    }
}
