import DequeModule
import Testing

@testable import Messaging

@Suite struct MailboxTests {
    @Test func refusesWhatDoesNotFitButTakesControl() throws {
        let mailbox = try Mailbox<Int>(limit: 2)
        try mailbox.post(1)
        try mailbox.post(2)
        #expect(throws: Mailbox<Int>.Refusal.full) { try mailbox.post(3) }
        try mailbox.post(4, isControl: true)
        var taken: Deque<Int> = []
        #expect(!mailbox.take(into: &taken))
        #expect(Array(taken) == [1, 2, 4])
    }

    @Test func closedMailboxesStillGiveWhatTheyHave() throws {
        let mailbox = try Mailbox<Int>(limit: 2)
        try mailbox.post(1)
        mailbox.close()
        #expect(throws: Mailbox<Int>.Refusal.closed) { try mailbox.post(2, isControl: true) }
        #expect(!mailbox.prepareToSleep())
        var taken: Deque<Int> = []
        #expect(mailbox.take(into: &taken))
        #expect(Array(taken) == [1])
    }

    @Test func onlyASleeperMayNotMissAnything() throws {
        let mailbox = try Mailbox<Int>(limit: 2)
        #expect(mailbox.prepareToSleep())
        try mailbox.post(1)
        #expect(!mailbox.prepareToSleep())
    }
}
