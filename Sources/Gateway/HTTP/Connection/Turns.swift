import NIOCore
import NIOPosix
import Synchronization
import Wire

/// Where the work of requests is done that are large: on their event loop in turns, or beside it.
final class Turns: Sendable {
    typealias Order = TurnOrder<Waiter>

    enum Waiter {
        case task(CheckedContinuation<Void, Never>)
        /// Is to be called on the loop.
        case call(@Sendable () -> Void)
    }

    private final class SharedOrder: Sendable {
        let value = Mutex(Order())
        /// What is to be called once the loop has looked at its connections.
        let calls = Mutex<[@Sendable () -> Void]>([])

        func takeCalls() -> [@Sendable () -> Void] {
            calls.withLock { calls in
                defer { calls = [] }
                return calls
            }
        }
    }

    /// Bytes of text to read or write that are done at once: they take less time than a turn costs.
    static let smallBytes = 4 << 10
    /// With more than this a request gives way to others: it waits for its turn when it comes, and follows other such
    /// requests while smaller ones come. A row of some hundred numbers has less.
    static let bulkBytes = 12 << 10
    /// From here on a piece takes about a millisecond, for which no loop may stand still.
    static let largeBytes = 256 << 10

    private let loop: any EventLoop
    private let order: SharedOrder
    private let bell: LoopBell

    /// - Throws: `IOError` where the process has no descriptors for it.
    init(_ loop: any EventLoop) throws {
        let order = SharedOrder()
        self.order = order
        self.loop = loop
        bell = try LoopBell(loop) {
            if case .go(let next) = order.value.withLock({ $0.loopHasLooked(at: .now) }) { next.go(on: loop) }
            // Behind the others that it has seen this time.
            for call in order.takeCalls() { loop.execute(call) }
        }
    }

    /// Calls `body` on the loop once it has looked whether anything came on its connections.
    func whenLoopHasLooked(_ body: @escaping @Sendable () -> Void) {
        order.calls.withLock { $0.append(body) }
        bell.ring()
    }

    /// Calls `body` on the loop: at once where nothing is before it, or when it is its turn. Is itself called on the loop.
    func take(_ work: Order.Work, _ body: @escaping @Sendable () -> Void) {
        let isFree = order.value.withLock { $0.begin(at: .now) }
        let turn: @Sendable () -> Void = { [self] in
            body()
            proceed(order.value.withLock { $0.end(at: .now) })
        }
        if isFree { turn() } else { proceed(order.value.withLock { $0.wait(.call(turn), for: work, at: .now) }) }
    }

    /// What `body` gives, which reads or writes about so many bytes. Throws `Failure` where nobody waits for it any more.
    func take<Result: Sendable>(
        _ work: Order.Work, bytes: Int, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        guard bytes > Self.smallBytes else { return try body() }
        guard bytes < Self.largeBytes else { return try await beside(body) }
        await begin(work)
        defer { proceed(order.value.withLock { $0.end(at: .now) }) }
        guard !Task.isCancelled else { throw Self.isGivenUp }
        return try body()
    }

    private func begin(_ work: Order.Work) async {
        guard !order.value.withLock({ $0.begin(at: .now) }) else { return }
        await withCheckedContinuation { continuation in
            proceed(order.value.withLock { $0.wait(.task(continuation), for: work, at: .now) })
        }
    }

    private func proceed(_ step: Order.Step) {
        switch step {
        case .nothing: break
        case .go(let next): next.go(on: loop)
        case .pause: bell.ring()
        }
    }

    private func beside<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await NIOThreadPool.singleton.runIfActive(body)
        } catch is CancellationError {
            throw Self.isGivenUp
        }
    }

    private static let isGivenUp = Failure(.cancelled, "the request was given up before it was this one's turn")
}

extension Turns.Waiter {
    fileprivate func go(on loop: any EventLoop) {
        switch self {
        case .task(let continuation): continuation.resume()
        case .call(let body): loop.execute(body)
        }
    }
}
