import NIOCore
import NIOHTTP1
import Synchronization

/// The ledger of all connections of a gateway, whichever event loop they are on.
final class AdmissionControl: Sendable {
    /// Told to a connection that has to make room. It is off the account already.
    struct MakeRoom: Sendable {}

    private struct State {
        var ledger: Ledger
        var channels: [Ledger.ID: any Channel] = [:]
        var last: Ledger.ID = 0
        var end: NIODeadline?
    }

    let limits: Ledger.Limits
    private let state: Mutex<State>

    init(_ limits: Ledger.Limits) {
        self.limits = limits
        state = Mutex(State(ledger: Ledger(limits)))
    }

    /// The gateway shuts down: when requests under way have to be over. Said again, it is the same.
    @discardableResult
    func end(within time: Duration) -> NIODeadline {
        state.withLock { state in
            let end = state.end ?? .now() + TimeAmount(time)
            state.end = end
            return end
        }
    }

    /// Nil where there is no room for another connection.
    func open(_ channel: any Channel) -> Ticket? {
        let address = ClientAddress(channel.remoteAddress)
        let id = settle { state in
            state.last += 1
            let verdict = state.ledger.open(state.last, from: address, at: .now)
            if verdict.refusal == nil { state.channels[state.last] = channel }
            return (verdict.refusal == nil ? state.last : nil, verdict.closing)
        }
        return id.map { Ticket(admission: self, id: $0) }
    }

    /// Closes the connections that are idle for longest.
    func closeIdle(_ count: Int) {
        settle { state in ((), state.ledger.closeIdle(count, at: .now)) }
    }

    var current: Ledger { state.withLock { $0.ledger } }

    /// Connections that had to make room.
    var closed: UInt64 { state.withLock { $0.ledger.closed } }

    /// Those that have to go are told outside of the lock: they may be on this event loop, and be heard at once.
    private func settle<Result>(_ change: (inout State) -> (Result, closing: [Ledger.ID])) -> Result {
        let (result, channels) = state.withLock { state in
            let (result, closing) = change(&state)
            return (result, closing.compactMap { state.channels.removeValue(forKey: $0) })
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(MakeRoom()) }
        return result
    }

    /// One connection's entry.
    struct Ticket: Sendable {
        fileprivate let admission: AdmissionControl
        fileprivate let id: Ledger.ID

        /// Whether the connection is one of the reserve.
        var isReserve: Bool { admission.state.withLock { $0.ledger.seat(of: id) == .reserve } }

        /// A request begins.
        func begin() throws(Refusal) {
            try refuse { $0.begin(id, at: .now) }
        }

        /// Of the request's body so many bytes are there, and the client has to send more.
        func receive(_ bytes: Int) throws(Refusal) {
            try refuse { $0.receive(bytes, by: id, at: .now) }
        }

        /// The request is there, and it is for the gateway to do something.
        func answer() {
            admission.state.withLock { $0.ledger.move(id, to: .answering, at: .now) }
        }

        /// From now on the request holds so many bytes in all.
        func hold(_ bytes: Int) throws(Refusal) {
            try refuse { $0.hold(bytes, by: id, at: .now) }
        }

        /// What the request will hold in all, which could be held if nothing else were there.
        func afford(_ bytes: Int) throws(Refusal) {
            let limits = admission.limits
            guard bytes <= limits.bytesPerRequest else { throw Refusal(.tooMany(bytes), limits) }
        }

        /// An answer of so many bytes is all that is held now, and the client has to take it.
        func send(_ bytes: Int) {
            admission.state.withLock { $0.ledger.send(bytes, by: id, at: .now) }
        }

        /// Of an answer that goes on, so many bytes wait for the client, beside all else that is held.
        func stall(_ bytes: Int) {
            admission.state.withLock { $0.ledger.stall(id, bytes, at: .now) }
        }

        /// The client has taken those.
        func takeUp(_ bytes: Int) {
            admission.state.withLock { $0.ledger.takeUp(id, bytes, at: .now) }
        }

        /// The request is refused: nothing of it is held, while the client sends the rest of it.
        func discard() {
            finish(.receiving)
        }

        /// The request is over.
        func finish() {
            finish(.idle)
        }

        /// The last request is over, and the client has to close its end.
        func leave() {
            finish(.leaving)
        }

        private func finish(_ phase: Ledger.Phase) {
            admission.state.withLock { $0.ledger.finish(id, then: phase, at: .now) }
        }

        func close() {
            admission.state.withLock { state in
                state.ledger.close(id)
                state.channels[id] = nil
            }
        }

        private func refuse(_ wish: (inout Ledger) -> Ledger.Verdict) throws(Refusal) {
            let shortage = admission.settle { state in
                let verdict = wish(&state.ledger)
                return (verdict.refusal, verdict.closing)
            }
            if let shortage { throw Refusal(shortage, admission.limits) }
        }
    }
}

extension Refusal {
    fileprivate init(_ shortage: Ledger.Shortage, _ limits: Ledger.Limits) {
        switch shortage {
        case .connections:
            self.init(
                .serviceUnavailable,
                "all \(limits.connections) connections of the gateway are in use; try again", retryAfter: 1,
                closesConnection: true)
        case .connectionsOfAddress:
            self.init(
                .tooManyRequests,
                "one address may have \(limits.connectionsPerAddress) connections: use those again", retryAfter: 1,
                closesConnection: true)
        case .requests:
            self.init(
                .tooManyRequests, "the gateway holds as many requests as it may (\(limits.requests)); try again",
                retryAfter: 1)
        case .bytes:
            self.init(
                .tooManyRequests,
                "requests and answers hold as many bytes as they may (\(limits.bytes)); try again", retryAfter: 1)
        case .bytesOfAddress:
            self.init(
                .tooManyRequests,
                """
                requests and answers of one address may hold \(limits.bytesPerAddress) bytes: read the answers, and \
                send less at once
                """, retryAfter: 1)
        case .tooMany(let bytes):
            self.init(
                .badRequest,
                """
                the request and its answer would hold \(bytes) bytes in the gateway, one request may hold \
                \(limits.bytesPerRequest): send fewer rows, or ask for fewer outputs or for binary ones
                """)
        case .closed:
            self.init(
                .serviceUnavailable, "the connection was given up to make room for others; try again", retryAfter: 1,
                closesConnection: true)
        }
    }
}
