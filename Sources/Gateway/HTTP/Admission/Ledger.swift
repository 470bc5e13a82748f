/// The account of what clients make the gateway hold: connections, requests, and bytes, from when they come until they
/// have left. It says who may hold more, and who goes where there is no room. A value without clock and I/O.
///
/// Bytes are those of bodies as they come, of the tensors made of them, and of answers until the client has taken them:
/// what a client announces is not held, and what it does not read is. Room is made by those who wait on their client: idle
/// connections for new ones, and for bytes the connection that has held most for longest.
struct Ledger {
    struct Limits: Sendable {
        /// Connections with requests of any kind, and how many of them one address may have.
        var connections = 1000
        var connectionsPerAddress = 750
        /// Connections beyond those: for health and metrics, which are answered however many others there are.
        var reserve = 32
        /// Requests at once.
        var requests = 1024
        /// Bytes held, and how many of them for one address.
        var bytes = 256 << 20
        var bytesPerAddress = 192 << 20
        /// A connection that was used so short a time ago is likely to be used again, and is not idle yet.
        var grace = Duration.milliseconds(50)
        /// How long a connection may wait on its client before others go first.
        var patience = Duration.seconds(1)

        /// What one request may hold, with nothing else there.
        var bytesPerRequest: Int { min(bytes, bytesPerAddress) }
    }

    typealias ID = UInt64

    enum Seat {
        case regular, reserve
    }

    /// Who is waited for.
    enum Phase {
        /// The client, for a next request.
        case idle
        /// The client, for the body of a request.
        case receiving
        /// The gateway or a node.
        case answering
        /// The client, to take its answer.
        case sending
        /// The client, to close its end: there is nothing more for it.
        case leaving
    }

    /// What became of a wish, and who has to go for it: those are off the account already.
    struct Verdict: Equatable {
        var refusal: Shortage?
        var closing: [ID] = []
    }

    /// Why there is no room.
    enum Shortage: Equatable {
        case connections, connectionsOfAddress, requests, bytes, bytesOfAddress
        /// So many bytes are more than one request may hold, whoever makes room.
        case tooMany(Int)
        /// The connection itself had to go.
        case closed
    }

    /// Read, changed and put back as a whole: to change one in place costs an allocation each time.
    private struct Connection {
        var address: ClientAddress
        var seat: Seat
        var phase = Phase.idle
        var since: ContinuousClock.Instant
        var hasRequest = false
        var bytes = 0

        mutating func move(to phase: Phase, at now: ContinuousClock.Instant) {
            guard phase != self.phase else { return }
            self.phase = phase
            since = now
        }
    }

    private struct Share: Equatable {
        var regular = 0
        var reserve = 0
        var bytes = 0
    }

    let limits: Limits
    private var connections: [ID: Connection] = [:]
    private var shares: [ClientAddress: Share] = [:]
    private var total = Share()
    private(set) var requests = 0
    /// Connections that had to make room.
    private(set) var closed: UInt64 = 0

    init(_ limits: Limits) {
        self.limits = limits
    }

    var bytes: Int { total.bytes }
    var connectionCount: Int { connections.count }
    var reserveCount: Int { total.reserve }

    /// Connections whose answer waits for its client.
    var sending: Int { connections.values.count { $0.phase == .sending } }

    func seat(of id: ID) -> Seat? { connections[id]?.seat }

    // MARK: Connections

    /// A new connection gets a seat, one of the reserve where no regular one can be had.
    mutating func open(_ id: ID, from address: ClientAddress, at now: ContinuousClock.Instant) -> Verdict {
        var verdict = regularSeat(for: address, at: now)
        var seat = Seat.regular
        if verdict.refusal != nil {
            verdict = reserveSeat(for: address, at: now)
            seat = .reserve
        }
        if verdict.refusal == nil {
            connections[id] = Connection(address: address, seat: seat, since: now)
            count(seat, of: address, 1)
        }
        return verdict
    }

    mutating func close(_ id: ID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        count(connection.seat, of: connection.address, -1)
        hold(connection.bytes, 0, for: connection.address)
        if connection.hasRequest { requests -= 1 }
    }

    /// The time of a phase runs from its beginning, however often it is said.
    mutating func move(_ id: ID, to phase: Phase, at now: ContinuousClock.Instant) {
        guard var connection = connections[id], connection.phase != phase else { return }
        connection.move(to: phase, at: now)
        connections[id] = connection
    }

    /// Descriptors are short: the connections that are idle for longest have to go, however short that is.
    mutating func closeIdle(_ count: Int, at now: ContinuousClock.Instant) -> [ID] {
        let idle = connections.filter { $0.value.phase == .idle || $0.value.phase == .leaving }
        let closing = idle.sorted { $0.value.since < $1.value.since }.prefix(count).map(\.key)
        for id in closing { evict(id) }
        return closing
    }

    private mutating func regularSeat(for address: ClientAddress, at now: ContinuousClock.Instant) -> Verdict {
        if share(of: address).regular >= limits.connectionsPerAddress {
            return room(
                among: limits.connectionsPerAddress, at: now, else: .connectionsOfAddress,
                where: { $0.seat == .regular && $0.address == address })
        }
        if total.regular >= limits.connections {
            return room(among: limits.connections, at: now, else: .connections, where: { $0.seat == .regular })
        }
        return Verdict()
    }

    /// Closes connections that can be spared, of those that are meant and of which there may be so many. To find them means
    /// to look at all, so it is done for several at a time.
    private mutating func room(
        among limit: Int, at now: ContinuousClock.Instant, else shortage: Shortage, where isMeant: (Connection) -> Bool
    ) -> Verdict {
        let spared = leastUseful(max(1, limit / 50), at: now, where: isMeant)
        guard !spared.isEmpty else { return Verdict(refusal: shortage) }
        for id in spared { evict(id) }
        return Verdict(closing: spared)
    }

    /// A seat of the reserve is for one short request, so the oldest that is not being answered makes room; of those of
    /// the same address first, if that has half of the reserve.
    private mutating func reserveSeat(for address: ClientAddress, at now: ContinuousClock.Instant) -> Verdict {
        let own = share(of: address).reserve >= (limits.reserve + 1) / 2
        guard own || total.reserve >= limits.reserve else { return Verdict() }
        let oldest = connections.filter {
            $0.value.seat == .reserve && $0.value.phase != .answering && (!own || $0.value.address == address)
        }.min { $0.value.since < $1.value.since }
        guard let oldest else { return Verdict(refusal: .connections) }
        evict(oldest.key)
        return Verdict(closing: [oldest.key])
    }

    /// Of those that wait on their client the ones that can be spared best: first who is leaving, then who is idle, then
    /// who is slow, and of each kind who has been so for longest. Of those that are slow one at most.
    private func leastUseful(
        _ count: Int, at now: ContinuousClock.Instant, where isMeant: (Connection) -> Bool
    ) -> [ID] {
        func rank(_ connection: Connection) -> Int? {
            let time = now - connection.since
            return switch connection.phase {
            case .leaving: 0
            case .idle: time >= limits.grace ? 1 : nil
            case .receiving, .sending: time >= limits.patience ? 2 : nil
            case .answering: nil
            }
        }
        var spared = connections.compactMap { id, connection in
            isMeant(connection) ? rank(connection).map { (id: id, rank: $0, since: connection.since) } : nil
        }
        spared.sort { ($0.rank, $0.since) < ($1.rank, $1.since) }
        let useless = spared.prefix { $0.rank < 2 }
        return (useless.isEmpty ? spared.prefix(1) : useless.prefix(count)).map(\.id)
    }

    // MARK: Requests

    /// A request needs a regular seat, and to be one of not too many.
    mutating func begin(_ id: ID, at now: ContinuousClock.Instant) -> Verdict {
        guard var connection = connections[id] else { return Verdict(refusal: .closed) }
        guard requests < limits.requests else { return Verdict(refusal: .requests) }
        var verdict = Verdict()
        if connection.seat == .reserve {
            verdict = regularSeat(for: connection.address, at: now)
            guard verdict.refusal == nil else { return verdict }
            count(.reserve, of: connection.address, -1)
            count(.regular, of: connection.address, 1)
            connection.seat = .regular
        }
        if !connection.hasRequest { requests += 1 }
        connection.hasRequest = true
        connection.move(to: .answering, at: now)
        connections[id] = connection
        return verdict
    }

    /// The request is no more, and what it held has been let go.
    mutating func finish(_ id: ID, then phase: Phase, at now: ContinuousClock.Instant) {
        guard var connection = connections[id] else { return }
        if connection.hasRequest { requests -= 1 }
        hold(connection.bytes, 0, for: connection.address)
        connection.hasRequest = false
        connection.bytes = 0
        connection.move(to: phase, at: now)
        connections[id] = connection
    }

    // MARK: Bytes

    /// Of a body so many bytes have come, and the connection waits on its client for more. Refused, it holds what it held.
    mutating func receive(_ bytes: Int, by id: ID, at now: ContinuousClock.Instant) -> Verdict {
        move(id, to: .receiving, at: now)
        return hold(bytes, by: id, at: now)
    }

    /// From now on the connection holds so many bytes in all. Refused, it holds what it held.
    mutating func hold(_ bytes: Int, by id: ID, at now: ContinuousClock.Instant) -> Verdict {
        guard var connection = connections[id] else { return Verdict(refusal: .closed) }
        // Nobody has to go for what can never be.
        guard bytes <= limits.bytesPerRequest else { return Verdict(refusal: .tooMany(bytes)) }
        let growth = bytes - connection.bytes
        var verdict = Verdict()
        while growth > 0, verdict.refusal == nil {
            let ofAddress = share(of: connection.address).bytes + growth > limits.bytesPerAddress
            guard ofAddress || total.bytes + growth > limits.bytes else { break }
            if let heaviest = heaviest(at: now, besides: id, of: ofAddress ? connection.address : nil) {
                evict(heaviest)
                verdict.closing.append(heaviest)
            } else {
                verdict.refusal = ofAddress ? .bytesOfAddress : .bytes
            }
        }
        if verdict.refusal == nil {
            hold(connection.bytes, bytes, for: connection.address)
            connection.bytes = bytes
            connections[id] = connection
        }
        return verdict
    }

    /// The connection waits for its client to take an answer of so many bytes. It is there, so it cannot be refused; the
    /// room for it was asked for before it was made.
    mutating func send(_ bytes: Int, by id: ID, at now: ContinuousClock.Instant) {
        guard var connection = connections[id] else { return }
        hold(connection.bytes, bytes, for: connection.address)
        connection.bytes = bytes
        connection.move(to: .sending, at: now)
        connections[id] = connection
    }

    /// Of an answer that goes on, so many bytes beside those that are held wait for the client to take them.
    mutating func stall(_ id: ID, _ bytes: Int, at now: ContinuousClock.Instant) {
        guard let connection = connections[id] else { return }
        send(connection.bytes + bytes, by: id, at: now)
    }

    /// The client has taken those, and the answer goes on.
    mutating func takeUp(_ id: ID, _ bytes: Int, at now: ContinuousClock.Instant) {
        guard let connection = connections[id] else { return }
        send(connection.bytes - bytes, by: id, at: now)
        move(id, to: .answering, at: now)
    }

    /// Who has waited on its client for a while and costs most by it: bytes times time.
    private func heaviest(at now: ContinuousClock.Instant, besides own: ID, of address: ClientAddress?) -> ID? {
        let waiting = connections.filter { id, connection in
            id != own && connection.bytes > 0 && (address == nil || connection.address == address)
                && (connection.phase == .receiving || connection.phase == .sending || connection.phase == .leaving)
                && now - connection.since >= limits.patience
        }
        func cost(_ connection: Connection) -> Double {
            Double(connection.bytes) * ((now - connection.since) / .seconds(1))
        }
        return waiting.max { cost($0.value) < cost($1.value) }?.key
    }

    // MARK: Sums

    private mutating func evict(_ id: ID) {
        close(id)
        closed += 1
    }

    private func share(of address: ClientAddress) -> Share { shares[address] ?? Share() }

    private mutating func count(_ seat: Seat, of address: ClientAddress, _ difference: Int) {
        var share = share(of: address)
        switch seat {
        case .regular:
            share.regular += difference
            total.regular += difference
        case .reserve:
            share.reserve += difference
            total.reserve += difference
        }
        put(share, of: address)
    }

    private mutating func hold(_ before: Int, _ after: Int, for address: ClientAddress) {
        guard before != after else { return }
        var share = share(of: address)
        share.bytes += after - before
        total.bytes += after - before
        put(share, of: address)
    }

    /// An address that has nothing any more is forgotten.
    private mutating func put(_ share: Share, of address: ClientAddress) {
        shares[address] = share == Share() ? nil : share
    }
}
