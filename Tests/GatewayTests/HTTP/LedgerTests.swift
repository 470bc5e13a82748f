import NIOCore
import Testing

@testable import Gateway

/// Who holds what, and who goes where there is no room.
@Suite struct LedgerTests {
    private let start = ContinuousClock.now
    private let here = LedgerTests.address(1)
    private let there = LedgerTests.address(2)

    private static func address(_ last: Int) -> ClientAddress {
        ClientAddress(try? SocketAddress(ipAddress: "10.0.0.\(last)", port: 1))
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    private func ledger(
        connections: Int = 2, perAddress: Int = 10, reserve: Int = 2, requests: Int = 10, bytes: Int = 100,
        bytesPerAddress: Int = 1000
    ) -> Ledger {
        Ledger(
            .init(
                connections: connections, connectionsPerAddress: perAddress, reserve: reserve, requests: requests,
                bytes: bytes, bytesPerAddress: bytesPerAddress))
    }

    /// The longest idle one goes, once it has been idle for a moment; until then the reserve helps.
    @Test func idleConnectionsMakeRoomForNewOnes() {
        var ledger = ledger()
        #expect(ledger.open(1, from: here, at: at(0)) == .init())
        #expect(ledger.open(2, from: here, at: at(1)) == .init())
        #expect(ledger.open(3, from: here, at: at(2)) == .init(closing: [1]))
        ledger.move(2, to: .answering, at: at(2))
        #expect(ledger.open(4, from: here, at: at(2.04)) == .init())
        #expect(ledger.seat(of: 4) == .reserve)
        #expect(ledger.open(5, from: here, at: at(3)) == .init(closing: [3]))
        #expect(ledger.seat(of: 5) == .regular && ledger.seat(of: 1) == nil)
        #expect(ledger.closed == 2)
    }

    /// Of an answer in parts what waits for its client counts, beside what the request holds.
    @Test func partsThatWaitForTheirClient() {
        var ledger = ledger()
        #expect(ledger.open(1, from: here, at: at(0)) == .init())
        #expect(ledger.begin(1, at: at(0)) == .init())
        #expect(ledger.hold(20, by: 1, at: at(0)) == .init())
        ledger.stall(1, 30, at: at(1))
        #expect(ledger.bytes == 50 && ledger.sending == 1)
        ledger.takeUp(1, 30, at: at(2))
        #expect(ledger.bytes == 20 && ledger.sending == 0)
        // Who does not take what is made for it is slow like others.
        ledger.stall(1, 30, at: at(3))
        #expect(ledger.open(2, from: there, at: at(3)) == .init())
        #expect(ledger.begin(2, at: at(5)) == .init())
        #expect(ledger.hold(60, by: 2, at: at(5)) == .init(closing: [1]))
    }

    /// To find who can be spared means to look at all: where there are many connections, several idle ones go at once.
    @Test func manyMakeRoomForSeveral() {
        for (connections, perAddress) in [(200, 1000), (1000, 200)] {
            var ledger = ledger(connections: connections, perAddress: perAddress)
            for id in 1...200 { #expect(ledger.open(Ledger.ID(id), from: here, at: at(Double(id) / 1000)) == .init()) }
            #expect(ledger.open(201, from: here, at: at(1)) == .init(closing: [1, 2, 3, 4]))
            for id in 202...204 { #expect(ledger.open(Ledger.ID(id), from: here, at: at(1)) == .init()) }
            for id in 5...198 { ledger.move(Ledger.ID(id), to: .answering, at: at(2)) }
            ledger.move(204, to: .leaving, at: at(2))
            for id in 201...203 { ledger.move(Ledger.ID(id), to: .receiving, at: at(1)) }
            // Fewer where there are not as many, and of those that are slow one.
            #expect(ledger.open(205, from: here, at: at(2)) == .init(closing: [204, 199, 200]))
            for id in 205...207 {
                if id > 205 { #expect(ledger.open(Ledger.ID(id), from: here, at: at(2)) == .init()) }
                ledger.move(Ledger.ID(id), to: .answering, at: at(2))
            }
            #expect(ledger.open(208, from: here, at: at(3)).closing.count == 1)
        }
    }

    /// Who works is never closed; who leaves goes before who is idle, and who is slow last.
    @Test func whoGoesFirst() {
        var ledger = ledger(connections: 4, reserve: 0)
        for id in 1...4 { _ = ledger.open(Ledger.ID(id), from: here, at: at(0)) }
        ledger.move(1, to: .answering, at: at(0))
        ledger.move(2, to: .receiving, at: at(0))
        // However often a little comes.
        ledger.move(2, to: .receiving, at: at(4.9))
        ledger.move(4, to: .leaving, at: at(5))
        #expect(ledger.open(5, from: here, at: at(5)).closing == [4])
        #expect(ledger.open(6, from: here, at: at(5)).closing == [3])
        ledger.move(5, to: .answering, at: at(5))
        ledger.move(6, to: .sending, at: at(5))
        #expect(ledger.open(7, from: here, at: at(5)).closing == [2])
        ledger.move(7, to: .answering, at: at(5))
        #expect(ledger.open(8, from: here, at: at(5.5)) == .init(refusal: .connections))
        #expect(ledger.open(9, from: here, at: at(6)).closing == [6])
    }

    /// One address has its own idle connections closed, and leaves those of others alone.
    @Test func oneAddressHasItsShare() {
        var ledger = ledger(connections: 10, perAddress: 2)
        _ = ledger.open(1, from: there, at: at(0))
        _ = ledger.open(2, from: here, at: at(1))
        _ = ledger.open(3, from: here, at: at(1))
        ledger.move(2, to: .answering, at: at(1))
        #expect(ledger.open(4, from: here, at: at(2)) == .init(closing: [3]))
        ledger.move(4, to: .answering, at: at(2))
        #expect(ledger.open(5, from: here, at: at(3)) == .init())
        #expect(ledger.seat(of: 5) == .reserve)
        #expect(ledger.begin(5, at: at(3)) == .init(refusal: .connectionsOfAddress))
        #expect(ledger.open(6, from: there, at: at(3)) == .init())
        #expect(ledger.seat(of: 6) == .regular)
    }

    /// There is always a seat of the reserve for the next, at the cost of the oldest, and nobody has all of them.
    @Test func theReserveIsForShortRequests() {
        var ledger = ledger(connections: 0, reserve: 4)
        for id in 1...3 { _ = ledger.open(Ledger.ID(id), from: here, at: at(Double(id))) }
        #expect(ledger.seat(of: 1) == nil && ledger.reserveCount == 2)
        _ = ledger.open(4, from: there, at: at(4))
        ledger.move(2, to: .answering, at: at(5))
        #expect(ledger.open(5, from: here, at: at(6)).closing == [3])
        ledger.move(5, to: .answering, at: at(6))
        #expect(ledger.open(6, from: here, at: at(7)) == .init(refusal: .connections))
        #expect(ledger.open(7, from: there, at: at(7)) == .init())
    }

    /// A connection of the reserve becomes a regular one with its first request, if there is room by then.
    @Test func theReserveAdvances() {
        var ledger = ledger(connections: 1)
        _ = ledger.open(1, from: here, at: at(0))
        _ = ledger.open(2, from: here, at: at(0.04))
        #expect(ledger.begin(2, at: at(0.04)) == .init(refusal: .connections))
        #expect(ledger.begin(2, at: at(1)) == .init(closing: [1]))
        #expect(ledger.seat(of: 2) == .regular && ledger.reserveCount == 0 && ledger.requests == 1)
    }

    @Test func requestsAreCounted() {
        var ledger = ledger(requests: 1)
        _ = ledger.open(1, from: here, at: at(0))
        _ = ledger.open(2, from: here, at: at(0))
        #expect(ledger.begin(1, at: at(0)) == .init())
        #expect(ledger.begin(2, at: at(0)) == .init(refusal: .requests))
        ledger.finish(1, then: .idle, at: at(0))
        #expect(ledger.begin(2, at: at(0)) == .init())
        ledger.close(2)
        #expect(ledger.requests == 0)
    }

    @Test func bytesAreCounted() {
        var ledger = ledger(connections: 3)
        for id in 1...3 { _ = ledger.open(Ledger.ID(id), from: here, at: at(0)) }
        #expect(ledger.receive(60, by: 1, at: at(0)) == .init())
        #expect(ledger.hold(50, by: 2, at: at(0)) == .init(refusal: .bytes))
        #expect(ledger.hold(40, by: 2, at: at(0)) == .init())
        #expect(ledger.hold(70, by: 1, at: at(0)) == .init(refusal: .bytes))
        #expect(ledger.bytes == 100)
        #expect(ledger.hold(10, by: 1, at: at(0)) == .init())
        ledger.send(80, by: 1, at: at(0))
        #expect(ledger.bytes == 120, "an answer that is there counts, beyond the limit too")
        ledger.finish(1, then: .idle, at: at(0))
        ledger.close(2)
        #expect(ledger.bytes == 0)
    }

    /// Whoever has held most for longest while waiting on its client goes first.
    @Test func slowConnectionsMakeRoomForBytes() {
        var ledger = ledger(connections: 5)
        for id in 1...5 { _ = ledger.open(Ledger.ID(id), from: here, at: at(0)) }
        for (id, bytes, since) in [(1, 10, 0.0), (2, 30, 4), (3, 20, 1), (4, 40, 5)] {
            #expect(ledger.hold(bytes, by: Ledger.ID(id), at: at(5)) == .init())
            ledger.move(Ledger.ID(id), to: id == 2 ? .sending : .receiving, at: at(since))
        }
        // 50, 30, 80 and 0 byte seconds.
        #expect(ledger.hold(20, by: 5, at: at(5)) == .init(closing: [3]))
        #expect(ledger.hold(50, by: 5, at: at(5)) == .init(closing: [1, 2]))
        #expect(ledger.hold(70, by: 5, at: at(5)) == .init(refusal: .bytes), "the last has only begun")
        #expect(ledger.hold(10, by: 3, at: at(5)) == .init(refusal: .closed))
        ledger.move(4, to: .answering, at: at(0))
        #expect(
            ledger.hold(70, by: 5, at: at(9)) == .init(refusal: .bytes), "who is answered does not wait on a client")
    }

    /// What no room suffices for is told as that, and nobody has to go for it.
    @Test func whatCanNeverBeHeldCostsNobodyAnything() {
        var ledger = ledger(connections: 3, bytes: 1000, bytesPerAddress: 100)
        for id in 1...2 { _ = ledger.open(Ledger.ID(id), from: here, at: at(0)) }
        #expect(ledger.receive(90, by: 1, at: at(0)) == .init())
        #expect(ledger.hold(101, by: 2, at: at(9)) == .init(refusal: .tooMany(101)))
        #expect(ledger.bytes == 90)
        #expect(ledger.hold(100, by: 2, at: at(9)) == .init(closing: [1]))
    }

    @Test func oneAddressMakesRoomItself() {
        var ledger = ledger(connections: 3, bytes: 1000, bytesPerAddress: 100)
        for (id, address) in [(1, there), (2, here), (3, here)] {
            _ = ledger.open(Ledger.ID(id), from: address, at: at(0))
            #expect(ledger.hold(id == 3 ? 10 : 90, by: Ledger.ID(id), at: at(0)) == .init())
            ledger.move(Ledger.ID(id), to: .receiving, at: at(0))
        }
        #expect(ledger.hold(20, by: 3, at: at(0.5)) == .init(refusal: .bytesOfAddress))
        #expect(ledger.hold(20, by: 3, at: at(2)) == .init(closing: [2]))
    }

    @Test func descriptorsAreGivenUpByTheIdlest() {
        var ledger = ledger(connections: 4)
        for id in 1...4 { _ = ledger.open(Ledger.ID(id), from: here, at: at(Double(id))) }
        ledger.move(1, to: .answering, at: at(1))
        #expect(ledger.closeIdle(2, at: at(4)) == [2, 3])
        #expect(ledger.closeIdle(2, at: at(4)) == [4])
        #expect(ledger.connectionCount == 1)
    }

    /// Whatever happens in whatever order, all that was taken is given back.
    @Test func nothingIsLeftOver() {
        var ledger = Ledger(
            .init(
                connections: 5, connectionsPerAddress: 3, reserve: 4, requests: 4, bytes: 200, bytesPerAddress: 120))
        var random = SplitMix(state: 6)
        var open: Set<Ledger.ID> = []
        for step in 0..<20_000 {
            let now = at(Double(step) / 10)
            // In order: that of a set is another in each process.
            let id = open.sorted().randomElement(using: &random) ?? 0
            var verdict = Ledger.Verdict()
            switch Int.random(in: 0..<7, using: &random) {
            case 0, 1:
                let new = Ledger.ID(step + 1)
                verdict = ledger.open(new, from: Self.address(Int.random(in: 1...3, using: &random)), at: now)
                if verdict.refusal == nil { open.insert(new) }
            case 2: verdict = ledger.begin(id, at: now)
            case 3: verdict = ledger.hold(Int.random(in: 0...90, using: &random), by: id, at: now)
            case 4: ledger.finish(id, then: .idle, at: now)
            case 5:
                let phases: [Ledger.Phase] = [.idle, .receiving, .answering, .sending, .leaving]
                ledger.move(id, to: phases.randomElement(using: &random)!, at: now)
            default:
                ledger.close(id)
                open.remove(id)
            }
            open.subtract(verdict.closing)
            #expect(ledger.connectionCount == open.count && ledger.connectionCount <= 9)
            #expect(ledger.bytes <= 200 && ledger.requests <= 4)
        }
        for id in open { ledger.close(id) }
        #expect(ledger.bytes == 0 && ledger.requests == 0 && ledger.connectionCount == 0 && ledger.reserveCount == 0)
    }

    @Test func clientsAreToldApart() throws {
        func client(_ address: String) throws -> ClientAddress {
            ClientAddress(try SocketAddress(ipAddress: address, port: Int.random(in: 1...60_000)))
        }
        #expect(try client("10.0.0.1") == client("10.0.0.1"))
        #expect(try client("10.0.0.1") != client("10.0.0.2"))
        #expect(try client("::ffff:10.0.0.1") == client("10.0.0.1"))
        #expect(try client("2001:db8:0:1::1") == client("2001:db8:0:1:ffff::2"))
        #expect(try client("2001:db8:0:1::1") != client("2001:db8:0:2::1"))
    }
}
