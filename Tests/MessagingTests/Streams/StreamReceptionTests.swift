import Testing
import Wire

@testable import Messaging

/// What its asker makes of a stream, message by message.
@Suite struct StreamReceptionTests {
    private var reception = StreamReception(window: StreamCredit(parts: 4, bytes: 100), peer: "inference-0")

    private func part(_ sequence: UInt32, isLast: Bool = false) -> Message {
        Message(
            Envelope(
                .document(Document(kind: "\(sequence)", json: [])), correlationID: 1,
                position: StreamPosition(sequence: sequence, isLast: isLast)))
    }

    private func end(after sequence: UInt32) -> Message {
        Message(
            Envelope(
                .acknowledgement, correlationID: 1, position: StreamPosition(sequence: sequence + 1, isLast: true)))
    }

    /// What is read next, in words.
    private mutating func next(at now: UInt64 = 0) -> String {
        switch reception.next(at: now) {
        case .part(let message, let grant):
            "part \(message.number ?? 0)" + (grant.map { ", granted \($0.parts) and \($0.bytes)" } ?? "")
        case .nothing: "nothing"
        case .finished: "finished"
        case .failed(let error): "\(error)"
        }
    }

    @Test mutating func partsComeOutInOrderAndThenTheEnd() {
        #expect(next() == "nothing")
        #expect(reception.receive(part(1), byteCount: 10) == .open)
        #expect(reception.receive(part(2), byteCount: 10) == .open)
        #expect(reception.receive(end(after: 2), byteCount: 10) == .over)
        #expect(reception.held == StreamCredit(parts: 2, bytes: 20))
        #expect(next() == "part 1")
        #expect(next() == "part 2")
        #expect(next() == "finished")
        #expect(next() == "finished")
    }

    @Test mutating func theLastPartMaySayThatItIs() {
        #expect(reception.receive(part(1, isLast: true), byteCount: 10) == .over)
        #expect(next() == "part 1")
        #expect(next() == "finished")
    }

    /// What was read is granted again once that is half of the window, in parts or in bytes.
    @Test mutating func creditComesBackByHalves() {
        for sequence in 1...4 as ClosedRange<UInt32> {
            #expect(reception.receive(part(sequence), byteCount: 10) == .open)
        }
        #expect(next() == "part 1")
        #expect(next() == "part 2, granted 2 and 20")
        #expect(reception.receive(part(5), byteCount: 50) == .open)
        #expect(next() == "part 3")
        #expect(next() == "part 4, granted 2 and 20")
        #expect(next() == "part 5, granted 1 and 50")
    }

    /// With half of the window for the largest part there is always room for it once all is read.
    @Test(arguments: [(1, 100), (2, 100), (3, 101), (7, 99)])
    func thereIsRoomForTheLargestPartWhenAllIsRead(parts: Int, bytes: Int) {
        let window = StreamCredit(parts: parts, bytes: bytes)
        var reception = StreamReception(window: window, peer: "inference-0")
        for sequence in 1...100 as ClosedRange<UInt32> {
            let size = sequence.isMultiple(of: 3) ? 1 : window.largestPart
            #expect(reception.receive(part(sequence), byteCount: size) == .open)
            _ = reception.next(at: 0)
        }
    }

    @Test(arguments: [0, 1, 3, 4] as [UInt32]) mutating func gapsAndDoublesBreakAStream(sequence: UInt32) {
        #expect(reception.receive(part(1), byteCount: 10) == .open)
        #expect(reception.receive(part(sequence), byteCount: 10) == .broken)
        #expect(next() == "part 1")
        #expect(next().contains("part \(sequence) came after part 1"))
        #expect(next() == "finished")
    }

    @Test mutating func partsWithoutCreditBreakAStream() {
        #expect(reception.receive(part(1), byteCount: 60) == .open)
        #expect(reception.receive(part(2), byteCount: 41) == .broken)
        #expect(reception.held == StreamCredit(parts: 1, bytes: 60))
        #expect(next() == "part 1")
        #expect(next().contains("part 2 of 41 bytes came where 3 parts and 40 bytes were granted"))
    }

    @Test mutating func wholeAnswersAreStreamsOfOnePart() {
        let whole = Message(Envelope(.document(Document(kind: "7", json: [])), correlationID: 1))
        #expect(reception.receive(whole, byteCount: 1 << 20) == .over)
        #expect(next() == "part 7")
        #expect(next() == "finished")
    }

    @Test mutating func aWholeAnswerIsNoPart() {
        #expect(reception.receive(part(1), byteCount: 1) == .open)
        #expect(reception.receive(Message(Envelope(.acknowledgement, correlationID: 1)), byteCount: 1) == .broken)
    }

    @Test mutating func failuresComeAfterTheParts() {
        let failure = Message(Envelope(.failure(Failure(.unavailable, "going away")), correlationID: 1))
        #expect(reception.receive(part(1), byteCount: 10) == .open)
        #expect(reception.receive(failure, byteCount: 10) == .over)
        #expect(next() == "part 1")
        #expect(next() == "going away")
        #expect(next() == "finished")
    }

    @Test mutating func whatComesAfterACancellationIsNotKept() {
        #expect(reception.receive(part(1), byteCount: 10) == .open)
        let wasOpen = [reception.cancel(), reception.cancel()]
        #expect(wasOpen == [true, false])
        #expect(reception.held == .zero)
        // The other side goes on: it has not heard.
        #expect(reception.receive(part(2), byteCount: 10) == .broken)
        #expect(reception.receive(end(after: 2), byteCount: 10) == .over)
        #expect(reception.held == .zero)
        #expect(next().contains("CancellationError"))
    }

    @Test mutating func probesAreNoParts() {
        #expect(reception.receive(Message(Envelope(.probe, correlationID: 1)), byteCount: 10) == .open)
        #expect(!reception.hasBegun)
        #expect(next() == "nothing")
        #expect(reception.receive(part(1), byteCount: 10) == .open)
    }

    /// The time runs while there is nothing to read.
    @Test mutating func slowReadersAreNoSlowPeers() {
        func deadline() -> UInt64? { reception.deadline(openedAt: 100, first: 50, between: 10) }
        #expect(deadline() == 150)
        #expect(reception.receive(part(1), byteCount: 10) == .open)
        #expect(reception.receive(part(2), byteCount: 10) == .open)
        #expect(deadline() == nil)
        _ = next(at: 1000)
        #expect(deadline() == nil)
        _ = next(at: 2000)
        #expect(deadline() == 2010)
    }
}
