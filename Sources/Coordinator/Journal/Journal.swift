import ClusterProtocol
import ControlPlane
import Logging
import Messaging
import Synchronization
import Threads

/// The events of a control plane, written down on a thread of its own as they happen: with them, what a coordinator became
/// can be done again (`JournalReplay`).
///
/// It never holds up the control loop and never ends it. What the disk does not take, or not soon enough, is a gap: the
/// journal goes on later, with a new segment that begins with the whole state.
final class Journal: Sendable {
    private struct Flow {
        /// The next event is to begin a segment.
        var isFull = false
        /// Events since the last segment that are in none.
        var missed = 0
        /// Since the last digest.
        var events = 0
        /// Nothing is written before this.
        var retry: ContinuousClock.Instant?
    }

    private let limits: JournalLimits
    private let flow = Mutex(Flow())
    private let writer: Mutex<JournalWriter>
    private let thread: WorkThread
    private let logger: Logger
    private let complaints: Mutex<LogThrottle>

    init(folder: JournalFolder, limits: JournalLimits, logger: Logger) {
        self.limits = limits
        self.logger = logger
        writer = Mutex(JournalWriter(folder: folder, limits: limits))
        thread = WorkThread(name: "journal", limit: limits.waiting)
        complaints = Mutex(LogThrottle(logger))
    }

    /// What the control plane is before the first event.
    func begin(_ plane: ControlPlane, at moment: Moment) {
        flow.withLock { submit(.opening(plane, at: moment, missed: 0), at: moment, &$0) }
    }

    /// Notes an event, and returns.
    ///
    /// - Parameters:
    ///   - refusal: why it could not be stored, so that it has not happened.
    ///   - plane: what came of it.
    func record(_ event: Event, at moment: Moment, refusal: String? = nil, after plane: ControlPlane) {
        flow.withLock { flow in
            if let retry = flow.retry, moment.instant < retry {
                flow.missed += 1
                return
            }
            flow.retry = nil
            guard flow.missed == 0 else {
                let missed = flow.missed + 1
                flow.missed = 0
                return submit(.opening(plane, at: moment, missed: missed), at: moment, &flow, orMiss: missed)
            }
            flow.events += 1
            let isDigestDue = flow.events >= limits.digestInterval
            let opens = flow.isFull
            if isDigestDue || opens {
                flow.events = 0
                flow.isFull = false
            }
            let event = JournalEvent(moment: moment, event: event, refusal: refusal)
            submit(.event(event, after: isDigestDue || opens ? plane : nil, opens: opens), at: moment, &flow)
        }
    }

    /// Returns when everything is written that can be.
    func end(_ plane: ControlPlane) async {
        try? await thread.run { [self] in _ = writer.withLock { $0.write(.ending(plane)) } }
        thread.close()
    }

    private func submit(_ entry: JournalWriter.Entry, at moment: Moment, _ flow: inout Flow, orMiss count: Int = 1) {
        do throws(WorkThread.Refusal) {
            try thread.submit { [self] in write(entry, at: moment, orMiss: count) }
        } catch {
            if flow.missed == 0 { warn("events missed", "\(error): the disk is too slow") }
            flow.missed += count
        }
    }

    private func write(_ entry: JournalWriter.Entry, at moment: Moment, orMiss count: Int) {
        let outcome = writer.withLock { $0.write(entry) }
        switch outcome {
        case .written: break
        case .isFull: flow.withLock { $0.isFull = true }
        case .skipped: flow.withLock { $0.missed += count }
        case .failed(let reason, let isLost):
            flow.withLock { flow in
                flow.missed += isLost ? count : 0
                flow.retry = moment.instant + limits.pause
            }
            warn("journal interrupted", reason)
        }
        if case .opening(_, _, let missed) = entry, missed > 0, outcome == .written || outcome == .isFull {
            logger.info("journal goes on", metadata: ["missed": "\(missed)"])
        }
    }

    private func warn(_ subject: String, _ reason: String) {
        complaints.withLock { $0.warn(subject, reason) }
    }
}
