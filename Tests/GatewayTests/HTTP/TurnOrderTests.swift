import NIOCore
import NIOPosix
import Synchronization
import Testing
import Wire

@testable import Gateway

/// When large requests are read and answered.
@Suite struct TurnOrderTests {
    private let start = ContinuousClock.now

    private func at(_ microseconds: Int) -> ContinuousClock.Instant { start + .microseconds(microseconds) }

    /// A step in words.
    private func words(_ step: TurnOrder<String>.Step) -> String {
        switch step {
        case .nothing: "nothing"
        case .go(let name): name
        case .pause: "pause"
        }
    }

    /// One after the other as long as their share is not over; then not until the loop has looked.
    @Test func aShareAndAPause() {
        var order = TurnOrder<String>(share: .microseconds(100))
        #expect(order.begin(at: at(0)) == true)
        #expect(order.begin(at: at(0)) == false)
        #expect(words(order.wait("a", for: .reading, at: at(0))) == "nothing")
        #expect(words(order.wait("b", for: .reading, at: at(1))) == "nothing")
        #expect(words(order.end(at: at(60))) == "a")
        #expect(words(order.end(at: at(100))) == "pause")
        #expect(words(order.wait("c", for: .reading, at: at(101))) == "nothing")
        #expect(order.begin(at: at(1000)) == false)
        #expect(words(order.loopHasLooked(at: at(1000))) == "b")
        #expect(words(order.end(at: at(1050))) == "c")
        #expect(words(order.end(at: at(1099))) == "nothing")
        #expect(order.begin(at: at(2000)) == true)
        #expect(words(order.end(at: at(2001))) == "pause", "a share may have been used at long intervals")
        #expect(words(order.loopHasLooked(at: at(2002))) == "nothing")
        #expect(order.begin(at: at(2003)) == true)
        #expect(order.waiting == 0)
    }

    /// Who was told to wait finds that it need not any more.
    @Test func aTurnThatEndsMeanwhile() {
        var order = TurnOrder<String>(share: .microseconds(100))
        #expect(order.begin(at: at(0)) == true)
        #expect(order.begin(at: at(1)) == false)
        #expect(words(order.end(at: at(2))) == "nothing")
        #expect(words(order.wait("a", for: .reading, at: at(3))) == "a")
        #expect(order.begin(at: at(4)) == false)
    }

    /// What is begun is finished before more is begun.
    @Test func answersGoFirst() {
        var order = TurnOrder<String>(share: .microseconds(100))
        #expect(order.begin(at: at(0)) == true)
        #expect(words(order.wait("receive", for: .receiving, at: at(0))) == "nothing")
        #expect(words(order.wait("read", for: .reading, at: at(0))) == "nothing")
        #expect(words(order.wait("write", for: .writing, at: at(1))) == "nothing")
        #expect(words(order.wait("write too", for: .writing, at: at(2))) == "nothing")
        #expect(words(order.end(at: at(3))) == "write")
        #expect(words(order.end(at: at(4))) == "write too")
        #expect(words(order.end(at: at(5))) == "read")
        #expect(words(order.end(at: at(6))) == "receive")
        #expect(order.waiting == 0)
    }

    private final class Record: Sendable {
        private let pieces = Mutex<[Int]>([])

        func add(_ piece: Int) { pieces.withLock { $0.append(piece) } }
        var all: [Int] { pieces.withLock { $0 } }
    }

    /// Some work on an event loop that takes longer than a share.
    private static func piece(_ number: Int, on executor: EventLoopExecutor, _ work: @escaping @Sendable () -> Void)
        -> Task<Void, any Error>
    {
        Task(executorPreference: executor) {
            try await executor.turns.take(.reading, bytes: Turns.smallBytes + 1) {
                let end = ContinuousClock.now + .microseconds(300)
                while ContinuousClock.now < end {}
                work()
            }
        }
    }

    /// What becomes readable while large pieces wait is seen after a share of them, not after all: here a second bell,
    /// which is rung in the first piece.
    @Test func connectionsAreSeenBetweenPieces() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let executor = try EventLoopExecutor(loop)
        let record = Record()
        let (heard, hear) = AsyncStream.makeStream(of: Void.self)
        let short = -1
        let connection = try LoopBell(loop) {
            record.add(short)
            hear.yield()
        }
        // It is there before the pieces are.
        connection.ring()
        for await _ in heard { break }
        let tasks = try await loop.submit {
            (0..<20).map { number in
                Self.piece(number, on: executor) {
                    if number == 0 { connection.ring() }
                    record.add(number)
                }
            }
        }.get()
        for task in tasks { try await task.value }
        let order = Array(record.all.dropFirst())
        #expect(order.filter { $0 != short } == Array(0..<20))
        #expect(try #require(order.firstIndex(of: short)) <= 2, "\(order)")
        try await group.shutdownGracefully()
    }

    /// What has come on connections waits in the same way, also where it is no task's work.
    @Test func whatHasComeWaitsForItsTurn() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let executor = try EventLoopExecutor(loop)
        let record = Record()
        let short = -1
        let (heard, hear) = AsyncStream.makeStream(of: Int.self)
        let connection = try LoopBell(loop) {
            record.add(short)
            hear.yield(short)
        }
        connection.ring()
        for await _ in heard { break }
        try await loop.submit {
            for number in 0..<20 {
                executor.turns.take(.receiving) {
                    let end = ContinuousClock.now + .microseconds(300)
                    while ContinuousClock.now < end {}
                    if number == 0 { connection.ring() }
                    record.add(number)
                    hear.yield(number)
                }
            }
            #expect(record.all == [short, 0], "one takes more than a share")
        }.get()
        for await number in heard where number == 19 { break }
        let order = Array(record.all.dropFirst())
        #expect(order.filter { $0 != short } == Array(0..<20))
        #expect(try #require(order.firstIndex(of: short)) <= 2, "\(order)")
        try await group.shutdownGracefully()
    }

    /// What is very large is done beside the event loop, and all sizes give what they gave.
    @Test(arguments: [1, Turns.smallBytes + 1, Turns.largeBytes])
    func resultsAndErrors(bytes: Int) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let executor = try EventLoopExecutor(loop)
        let turns = executor.turns
        let onLoop = try await Task(executorPreference: executor) {
            try await turns.take(.writing, bytes: bytes) { loop.inEventLoop }
        }.value
        #expect(onLoop == (bytes < Turns.largeBytes))
        for _ in 0..<3 {
            await #expect(throws: Failure(.internal, "no")) {
                try await turns.take(.writing, bytes: bytes) { throw Failure(.internal, "no") }
            }
        }
    }
}
