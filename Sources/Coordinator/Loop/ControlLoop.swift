import ControlPlane
import ClusterProtocol
import Explanations
import Foundation
import Logging
import Messaging
import Wire

/// Runs the control plane: one event after the other, each made durable before it has effects.
///
/// Owned by one task, so the plane needs no lock. Whatever takes time is done elsewhere and comes back as an event.
final class ControlLoop {
    typealias Inbox = LaneInbox<ControlLane, Input>

    enum Input: Sendable {
        case message(Peer, Message)
        /// Something that was started has come to its end.
        case event(Event)
        /// The answer to a request that was no event.
        case answer(RequestID, Answer)
        /// Time passes. Carries the moment at which it was sent, which may be before what was received meanwhile, and
        /// for how long this process got no time itself.
        case tick(Moment, stall: Duration)
    }

    let configuration: CoordinatorConfiguration
    let state: StateStore
    let vault: Vault
    let correspondence: Correspondence
    let inbox: Inbox
    let completions: CompletionQueue
    private let journal: Journal?
    let time: TimeSource
    let logger: Logger
    private(set) var plane: ControlPlane
    let started: Date
    var usage = ProcessUsage()
    private var requests = OpenRequests()
    var complaints: LogThrottle
    /// Why the state cannot be stored; nil when it was the last time.
    private var stateProblem: String?

    init(
        _ configuration: CoordinatorConfiguration, plane: ControlPlane, state: StateStore, vault: Vault,
        correspondence: Correspondence, inbox: Inbox, journal: Journal? = nil, time: TimeSource, logger: Logger
    ) {
        self.configuration = configuration
        self.plane = plane
        self.state = state
        self.vault = vault
        self.correspondence = correspondence
        self.inbox = inbox
        self.journal = journal
        completions = CompletionQueue(inbox: inbox, time: time)
        self.time = time
        self.logger = logger
        started = time.now().date
        complaints = LogThrottle(logger)
    }

    /// Until the inbox is closed.
    func run() async {
        journal?.begin(plane, at: time.now())
        await apply(.started)
        while let input = await inbox.next() {
            switch input {
            case .message(let peer, let message): await handle(message, from: peer)
            case .event(let event):
                // A completion must not be lost because the disk was full for a moment.
                if await !apply(event) { completions.putLater(event) }
            case .answer(let request, let answer): self.answer(request, answer)
            case .tick(let moment, let stall):
                requests.expire(at: moment)
                if stall > .zero { await apply(.stalled(stall), at: moment) }
                for overdue in Event.Overdue.allCases {
                    await apply(.due(overdue), at: moment)
                }
            }
        }
        await apply(.stopping)
        await journal?.end(plane)
    }

    /// Names a message until it is answered. One that is only told is answered by no one, whatever comes of it.
    func open(_ question: Envelope, from peer: Peer) -> RequestID {
        requests.open(question, from: peer, at: time.now())
    }

    /// Lets an event happen: on a copy of the plane first, then in the store, then for all to see. False if it could
    /// not be stored: then it has not happened, and who asked for it is told so.
    ///
    /// - Parameter otherwise: happens in its place where it could not be stored, and stores nothing.
    @discardableResult
    func apply(_ event: Event, at moment: Moment? = nil, otherwise: Event? = nil) async -> Bool {
        var next = plane
        var effects = Effects()
        let moment = moment ?? time.now()
        next.handle(event, at: moment, into: &effects)
        do {
            try await state.apply(effects.changes)
        } catch {
            let reason = StorageProblem.words(for: error)
            stateProblem = reason
            complaints.warn("state not stored", reason)
            journal?.record(event, at: moment, refusal: reason, after: plane)
            if let otherwise {
                await apply(otherwise, at: moment)
                return false
            }
            let failure = Failure(
                .unavailable, "the coordinator could not store the change, so nothing was changed: \(reason)")
            for case .answer(let request, _) in effects.actions { answer(request, .failure(failure)) }
            return false
        }
        if !effects.changes.isEmpty { stateProblem = nil }
        // Time that lets nothing happen is not worth a line.
        let isIdle = if case .due = event { effects == Effects() && next == plane } else { false }
        plane = next
        if !isIdle { journal?.record(event, at: moment, after: plane) }
        vault.allowUploads(plane.scheduler.runningGenerations)
        for action in effects.actions { carryOut(action) }
        return true
    }

    /// Why nothing can be stored at the moment; nil when all is well. It goes on by itself when the reason is gone.
    var storageProblem: String? {
        (stateProblem ?? vault.problem).map { "cannot store: \($0)" }
    }

    func close(_ request: RequestID) -> (question: Envelope, peer: Peer)? {
        requests.close(request)
    }

    func answer(_ request: RequestID, _ answer: Answer) {
        guard let (question, peer) = requests.close(request) else { return }
        do {
            switch try answer.form(asAnswerTo: question) {
            case .body(let body): correspondence.answer(question, from: peer, with: body)
            case .document(let document): correspondence.answer(question, from: peer, with: document)
            }
        } catch {
            correspondence.refuse(
                question, from: peer, Failure(.internal, "the answer cannot be written: \(error.explanation)"))
        }
    }
}
