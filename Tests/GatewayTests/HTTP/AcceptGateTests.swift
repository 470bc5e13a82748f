import Foundation
import Logging
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import Gateway

/// What the server's own channel does at the limit of descriptors.
@Suite struct AcceptGateTests {
    /// Counts how often a channel asks the system for connections.
    private final class Reads: ChannelOutboundHandler {
        typealias OutboundIn = Never
        var count = 0

        func read(context: ChannelHandlerContext) { count += 1 }
    }

    /// A server's channel with a gate, and what it asks the system.
    private func server(
        _ admission: AdmissionControl = AdmissionControl(.init()),
        waiting: @escaping (any Channel) -> EventLoopFuture<Int> = AcceptGate.waiting
    ) -> (channel: EmbeddedChannel, reads: Reads) {
        let reads = Reads()
        let logger = Logger(label: "gate") { _ in SwiftLogNoOpLogHandler() }
        return (EmbeddedChannel(handlers: [reads, AcceptGate(admission, logger: logger, waiting: waiting)]), reads)
    }

    private func shortage(_ code: CInt) -> IOError { IOError(errnoCode: code, reason: "accept") }

    @Test func asksNoMoreUntilThePauseIsOver() throws {
        let (channel, reads) = server()
        channel.pipeline.read()
        #expect(reads.count == 1)
        channel.pipeline.fireErrorCaught(shortage(EMFILE))
        for _ in 0..<100 { channel.pipeline.read() }
        #expect(reads.count == 1)
        channel.embeddedEventLoop.advanceTime(by: AcceptGate.pause)
        #expect(reads.count == 2)
        channel.pipeline.read()
        #expect(reads.count == 3)
        // A client that went away is no reason to pause.
        channel.pipeline.fireErrorCaught(shortage(ECONNABORTED))
        channel.pipeline.read()
        #expect(reads.count == 4)
        try channel.throwIfErrorCaught()
    }

    /// Who opens and loses connections by the hundred gets them a few at a time, and requests have the time between.
    @Test func connectionsInThePlaceOfOthersAreTakenAFewAtATime() {
        let admission = AdmissionControl(.init(connections: 1, connectionsPerAddress: 1, reserve: 0, grace: .zero))
        let (channel, reads) = server(admission)
        _ = admission.open(EmbeddedChannel())
        for _ in 1..<AcceptGate.turnover { _ = admission.open(EmbeddedChannel()) }
        channel.pipeline.read()
        #expect(reads.count == 1)
        _ = admission.open(EmbeddedChannel())
        #expect(admission.closed == AcceptGate.turnover)
        for _ in 0..<10 { channel.pipeline.read() }
        #expect(reads.count == 1)
        channel.embeddedEventLoop.advanceTime(by: AcceptGate.breath)
        #expect(reads.count == 2)
        channel.pipeline.read()
        #expect(reads.count == 3)
    }

    /// Before a server closes it takes what has connected, and does not wait for more.
    @Test func theRestIsTakenAtAnEnd() throws {
        var waiting = 2
        let (channel, reads) = server(waiting: { $0.eventLoop.makeSucceededFuture(waiting) })
        channel.pipeline.fireErrorCaught(shortage(EMFILE))
        channel.pipeline.read()
        #expect(reads.count == 0)
        var isDone = false
        channel.triggerUserOutboundEvent(AcceptGate.TakeRest()).assumeIsolated().whenSuccess { isDone = true }
        // Nothing of a pause is left.
        #expect(reads.count == 1)
        channel.embeddedEventLoop.advanceTime(by: AcceptGate.look)
        #expect(!isDone)
        // The last one is taken, and may not have come to its event loop yet.
        waiting = 0
        channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel)
        channel.embeddedEventLoop.advanceTime(by: AcceptGate.look)
        #expect(!isDone)
        channel.embeddedEventLoop.advanceTime(by: AcceptGate.look)
        #expect(isDone)
    }

    /// Also where nothing waits, what was just taken is on its way.
    @Test func theFirstLookIsNotTheLast() {
        let channel = server(waiting: { $0.eventLoop.makeSucceededFuture(0) }).channel
        var isDone = false
        channel.triggerUserOutboundEvent(AcceptGate.TakeRest()).assumeIsolated().whenSuccess { isDone = true }
        #expect(!isDone)
        channel.embeddedEventLoop.advanceTime(by: AcceptGate.look)
        #expect(isDone)
    }

    /// Connections that come without end do not hold up an end.
    @Test func theRestIsTakenForALimitedTime() {
        let channel = server(waiting: { $0.eventLoop.makeSucceededFuture(1) }).channel
        let begin = channel.embeddedEventLoop.now
        var isDone = false
        channel.triggerUserOutboundEvent(AcceptGate.TakeRest()).assumeIsolated().whenSuccess { isDone = true }
        while !isDone, channel.embeddedEventLoop.now < begin + AcceptGate.longestRest * 2 {
            channel.embeddedEventLoop.advanceTime(by: AcceptGate.look)
        }
        #expect(isDone)
    }

    @Test func whatTheSystemDoesNotSayIsAnError() {
        let channel = server(waiting: { $0.eventLoop.makeFailedFuture(ChannelError.operationUnsupported) }).channel
        var failure: (any Error)?
        channel.triggerUserOutboundEvent(AcceptGate.TakeRest()).assumeIsolated().whenFailure { failure = $0 }
        #expect(failure as? ChannelError == .operationUnsupported)
    }

    /// The system says how many connections wait for a server that takes none.
    @Test func connectionsThatWaitAreCounted() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.autoRead, value: false).bind(host: "127.0.0.1", port: 0).get()
        #expect(try await AcceptGate.waiting(for: server).get() == 0)
        let address = try #require(server.localAddress)
        let clients = try await [
            ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address).get(),
            ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address).get(),
        ]
        // The client knows of the connection a moment before the server.
        while try await AcceptGate.waiting(for: server).get() != 2 { await Task.yield() }
        for channel in clients + [server] { try await channel.close() }
    }

    @Test func otherErrorsAreForOthers() {
        let channel = server().channel
        channel.pipeline.fireErrorCaught(shortage(EBADF))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
    }

    @Test func connectionsFitTheDescriptors() {
        #expect(DescriptorBudget.connections(1000, reserve: 32, descriptors: 65_536) == 1000)
        #expect(DescriptorBudget.connections(1000, reserve: 32, descriptors: 256) == 128)
        #expect(DescriptorBudget.connections(1000, reserve: 32, descriptors: 20) == DescriptorBudget.least)
        #expect(DescriptorBudget.connections(4, reserve: 32, descriptors: 20) == 4)
    }

    /// However few there are, an address has a connection for its requests.
    @Test(arguments: [20, 129, 256, 65_536])
    func anAddressHasItsPartOfTheConnections(descriptors: Int) {
        for wanted in [1, 4, 1000] {
            let limits = Ledger.Limits(
                .init(connections: wanted, connectionsPerAddress: wanted * 3 / 4), descriptors: descriptors)
            #expect(limits.connections >= min(wanted, DescriptorBudget.least))
            #expect(limits.connectionsPerAddress == max(1, limits.connections * 3 / 4), "\(wanted)")
            var ledger = Ledger(limits)
            #expect(ledger.open(1, from: .local, at: .now).refusal == nil)
            #expect(ledger.begin(1, at: .now).refusal == nil)
        }
    }
}
