import Explanations
package import Logging
package import Messaging
import Synchronization
package import Wire

/// A node's link to the coordinator: joins, sends heartbeats, joins again when the coordinator was started anew, and
/// hands the coordinator's orders to the role.
///
/// When the coordinator is away nothing of what the node does is interrupted; it knocks until it is let in again.
package final class ControlLink: Sendable {
    package let description: NodeDescription
    package let logger: Logger
    private let complaints: Mutex<LogThrottle>
    private let link: any Link
    /// Higher with every start of the process: the coordinator prefers the newer of two processes.
    private let incarnation: UInt64
    private let report: @Sendable () -> NodeReport

    /// How long an answer is waited for before it is asked again.
    package let attemptTimeout: Duration
    /// For how long a node that starts waits for another process of its name to be given up: the one before it, where
    /// the folder with their count is gone.
    private static let nameTimeout: Duration = .seconds(15)

    /// - Parameters:
    ///   - incarnation: the number of this process, see `Incarnation`.
    ///   - attemptTimeout: how long an answer to a join or to a piece of content is waited for before it is asked again.
    ///   - report: what the node does now; asked with every heartbeat.
    ///   - handler: takes one order. Called on the messaging thread, so it only hands over; the order is acknowledged
    ///     when it returns and refused with what it throws.
    package init(
        messenger: any Messenger, coordinatorEndpoint: String, description: NodeDescription, incarnation: UInt64,
        attemptTimeout: Duration = .seconds(2), logger: Logger, report: @escaping @Sendable () -> NodeReport,
        handler: @escaping @Sendable (Document) throws -> Void
    ) throws {
        self.description = description
        self.incarnation = incarnation
        self.attemptTimeout = attemptTimeout
        self.logger = logger
        complaints = Mutex(LogThrottle(logger))
        self.report = report
        let orders = OrderIntake(handler: handler)
        link = try messenger.connect(to: coordinatorEndpoint, remote: Role.coordinator.rawValue) { message in
            orders.receive(message)
        }
        orders.open(link)
    }

    /// Keeps the node a member until the task is cancelled.
    /// - Throws: `Failure` when the coordinator refuses this node at its start (another protocol, role or name), or
    ///   later because a newer process has its name. Any other refusal of a node that was a member, say by a
    ///   coordinator of another version or another cluster, does not end what it does.
    package func run() async throws {
        defer { link.close() }
        var cluster: String?
        while true {
            let joined = try await join(again: cluster)
            cluster = joined.clusterID
            try await beat(every: joined.heartbeatInterval)
        }
    }

    /// Asks to be let in until the coordinator answers.
    ///
    /// - Parameter cluster: the one that this node was a member of; nil before the first time.
    private func join(again cluster: String?) async throws -> Joined {
        let begun = ContinuousClock.now
        var backoff = Backoff()
        var isWaitKnown = false
        while true {
            do {
                let join = description.join(incarnation: incarnation, clusterID: cluster ?? "")
                let request = Message(.join(join))
                let answer = try await link.request(request, timeout: attemptTimeout)
                guard case .joined(let joined) = answer.envelope.body else { throw Self.unexpected(answer) }
                logger.info("joined", metadata: ["cluster": "\(joined.clusterID)"])
                return joined
            } catch {
                let isFirst = cluster == nil
                let mayEnd =
                    isFirst ? Self.isNameTaken(error) && .now < begun + Self.nameTimeout : Self.isRefusal(error)
                guard Self.isTransient(error) || mayEnd else { throw error }
                if !isWaitKnown {
                    logger.warning("waits for the coordinator", metadata: ["reason": "\(error.explanation)"])
                }
                isWaitKnown = true
                try await Task.sleep(for: backoff.pause())
            }
        }
    }

    /// Sends heartbeats until the coordinator says that it does not know this node.
    private func beat(every interval: Duration) async throws {
        var usage = ProcessUsage()
        var isAway = false
        while true {
            do {
                let heartbeat = Heartbeat(
                    incarnation: incarnation, cpuPercent: usage.cpuPercent(),
                    residentBytes: ProcessUsage.residentBytes(),
                    report: try Document(kind: NodeReport.kind, report().shortened))
                let answer = try await link.request(Message(.heartbeat(heartbeat)), timeout: interval * 2)
                guard case .heartbeatReply(let reply) = answer.envelope.body else { throw Self.unexpected(answer) }
                if isAway { logger.info("the coordinator is back") }
                isAway = false
                if !reply.known { return }
            } catch {
                guard Self.isTransient(error) || error is Failure else { throw error }
                if !isAway { logger.warning("the coordinator is away", metadata: ["reason": "\(error.explanation)"]) }
                isAway = true
            }
            try await Task.sleep(for: interval)
        }
    }

    /// Sends what may get lost, and what nobody answers.
    package func tell<M: ClusterMessage>(_ message: M) where M.Answer == Acknowledged {
        do {
            try link.tell(message)
        } catch {
            complaints.withLock { $0.warn("not sent", "'\(M.kind.rawValue)': \(error.explanation)") }
        }
    }

    /// One request, one answer.
    package func request(_ message: Message, timeout: Duration) async throws -> Message {
        try await link.request(message, timeout: timeout)
    }

    /// Sends what must not get lost: repeated until the coordinator answers or refuses it, however long it is away. What is
    /// asked must be the same when asked twice.
    ///
    /// - Parameter attempt: how long one is waited for. A coordinator that was started anew has forgotten who waits, so it
    ///   must not be long.
    /// - Throws: `Failure` when it refuses, `CancellationError`.
    @discardableResult
    package func call<M: ClusterMessage>(_ message: M, attempt: Duration = .seconds(5)) async throws -> M.Answer {
        let request = try Message(message)
        let answer = try await untilAnswered { try await self.link.request(request, timeout: attempt) }
        return try M.Answer(answer, answering: M.kind)
    }

    /// Repeats a request until it is answered or refused.
    @discardableResult
    package func untilAnswered(_ attempt: () async throws -> Message) async throws -> Message {
        var backoff = Backoff()
        while true {
            do {
                return try await attempt()
            } catch {
                guard Self.isTransient(error) else { throw error }
                logger.debug("asks again", metadata: ["reason": "\(error.explanation)"])
                try await Task.sleep(for: backoff.pause())
            }
        }
    }

    /// Whether the same request may succeed later.
    static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case let failure as Failure: failure.isTransient
        case MessagingError.backlogFull, MessagingError.timedOut, MessagingError.notConnected: true
        default: false
        }
    }

    /// A refusal that may be taken back when the coordinator is set right.
    private static func isRefusal(_ error: any Error) -> Bool {
        error is Failure && !isNameTaken(error)
    }

    /// Another process of this name, with a higher number, is a member.
    private static func isNameTaken(_ error: any Error) -> Bool {
        (error as? Failure)?.code == .failedPrecondition
    }

    private static func unexpected(_ answer: Message) -> Failure {
        Failure(.internal, "the coordinator's answer is of another kind than was asked for")
    }
}

/// Orders from the coordinator on their way to the role, and the answers back.
private final class OrderIntake: Sendable {
    private let link = Mutex<(any Link)?>(nil)
    private let handler: @Sendable (Document) throws -> Void

    init(handler: @escaping @Sendable (Document) throws -> Void) {
        self.handler = handler
    }

    func open(_ link: any Link) {
        self.link.withLock { $0 = link }
    }

    func receive(_ message: Message) {
        guard let document = message.document else { return }
        let answer: Envelope.Body
        do {
            try handler(document)
            answer = .acknowledgement
        } catch let failure as Failure {
            answer = .failure(failure)
        } catch {
            answer = .failure(Failure(.internal, error.explanation))
        }
        // An order whose answer is lost is given again.
        let link = link.withLock { $0 }
        try? link?.send(Message(Envelope(answer, correlationID: message.envelope.messageID)))
    }
}
