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
    typealias Event = @Sendable (inout ControlPlane, Moment) -> [Action]

    enum Input: Sendable {
        case message(Peer, Message)
        /// Something that was started has come to its end.
        case event(Event)
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
        correspondence: Correspondence, inbox: Inbox, time: TimeSource, logger: Logger
    ) {
        self.configuration = configuration
        self.plane = plane
        self.state = state
        self.vault = vault
        self.correspondence = correspondence
        self.inbox = inbox
        completions = CompletionQueue(inbox: inbox, time: time)
        self.time = time
        self.logger = logger
        started = time.now().date
        complaints = LogThrottle(logger)
    }

    /// Until the inbox is closed.
    func run() async {
        await apply { plane, now in plane.start(at: now) }
        while let input = await inbox.next() {
            switch input {
            case .message(let peer, let message): await handle(message, from: peer)
            case .event(let event):
                // A completion must not be lost because the disk was full for a moment.
                if await !apply(event) { completions.putLater(event) }
            case .tick(let moment, let stall):
                requests.expire(at: moment)
                await apply { plane, _ in plane.excuse(stall, at: moment) }
                for overdue in ControlPlane.Overdue.allCases {
                    await apply { plane, _ in plane.advance(overdue, to: moment) }
                }
            }
        }
        await apply { plane, _ in plane.stop() }
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
    func apply(
        _ event: (inout ControlPlane, Moment) -> [Action], otherwise: Event? = nil
    ) async -> Bool {
        var next = plane
        let actions = event(&next, time.now())
        let changes = actions.compactMap { if case .save(let change) = $0 { change } else { nil } }
        do {
            try await state.apply(changes)
        } catch {
            let reason = StorageProblem.words(for: error)
            stateProblem = reason
            complaints.warn("state not stored", reason)
            if let otherwise {
                await apply(otherwise)
                return false
            }
            let failure = Failure(
                .unavailable, "the coordinator could not store the change, so nothing was changed: \(reason)")
            for case .answer(let request, _) in actions { answer(request, .failure(failure)) }
            return false
        }
        if !changes.isEmpty { stateProblem = nil }
        plane = next
        vault.allowUploads(plane.scheduler.runningGenerations)
        for action in actions { carryOut(action) }
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
