import Explanations
import Foundation
import Logging
import Messaging
import Wire

/// Runs the control plane: one event after the other, each made durable before it has effects.
///
/// Owned by one task, so the plane needs no lock. Whatever takes time is done elsewhere and comes back as an event.
final class ControlLoop {
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
    let inbox: Inbox<Input>
    let time: TimeSource
    let logger: Logger
    private(set) var plane: ControlPlane
    let started: Date
    var usage = ProcessUsage()
    private var requests = OpenRequests()

    init(
        _ configuration: CoordinatorConfiguration, plane: ControlPlane, state: StateStore, vault: Vault,
        correspondence: Correspondence, inbox: Inbox<Input>, time: TimeSource, logger: Logger
    ) {
        self.configuration = configuration
        self.plane = plane
        self.state = state
        self.vault = vault
        self.correspondence = correspondence
        self.inbox = inbox
        self.time = time
        self.logger = logger
        started = time.now().date
    }

    /// Until the inbox is closed.
    func run() async {
        await apply { plane, now in plane.start(at: now) }
        while let input = await inbox.next() {
            switch input {
            case .message(let peer, let message): await handle(message.envelope, from: peer)
            case .event(let event):
                if await !apply(event) { repeatLater(event) }
            case .tick(let moment, let stall):
                requests.expire(at: moment)
                await apply { plane, _ in plane.advance(to: moment, stall: stall) }
            }
        }
        await apply { plane, _ in plane.stop() }
    }

    func open(_ question: Envelope, from peer: Peer) -> RequestID {
        requests.open(question, from: peer, at: time.now())
    }

    /// Lets an event happen: on a copy of the plane first, then in the store, then for all to see. False if it could
    /// not be stored: then it has not happened, and who asked for it is told so.
    @discardableResult
    func apply(_ event: (inout ControlPlane, Moment) -> [Action]) async -> Bool {
        var next = plane
        let actions = event(&next, time.now())
        do {
            try await state.apply(actions.compactMap { if case .save(let change) = $0 { change } else { nil } })
        } catch {
            logger.error("state not stored", metadata: ["reason": "\(error.explanation)"])
            let failure = Failure(
                .unavailable, "the coordinator could not store the change, so nothing was changed: \(error.explanation)"
            )
            for case .answer(let request, _) in actions { answer(request, .failure(failure)) }
            return false
        }
        plane = next
        vault.allowUploads(plane.scheduler.runningGenerations)
        for action in actions { carryOut(action) }
        return true
    }

    func close(_ request: RequestID) -> (question: Envelope, peer: Peer)? {
        requests.close(request)
    }

    func answer(_ request: RequestID, _ answer: Answer) {
        guard let (question, peer) = requests.close(request) else { return }
        do {
            correspondence.answer(question, from: peer, with: try answer.body(to: question))
        } catch {
            correspondence.refuse(
                question, from: peer, Failure(.internal, "the answer cannot be written: \(error.explanation)"))
        }
    }

    /// A completion must not be lost because the disk was full for a moment.
    private func repeatLater(_ event: @escaping Event) {
        Task { [inbox, time] in
            try await time.sleep(.seconds(1))
            inbox.put(.event(event))
        }
    }
}
