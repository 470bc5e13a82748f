import Foundation
package import Messaging
import Synchronization
import Threads
package import Wire

/// Holds models and answers requests for them, batch by batch: one batch at a time, on a thread of its own, or on the
/// thread that brings the requests where that is quick.
///
/// `submit` only checks and queues, so it may be called from a messaging thread. Every accepted request is answered
/// exactly once: with its outputs, or with why there are none.
package final class ModelServer: @unchecked Sendable {
    private enum Phase {
        case running
        /// Takes no new requests; ends when nothing waits.
        case draining
        /// Draining took too long: what still waits is refused.
        case abandoning
        case ended
    }

    private struct Slot {
        var model: LoadedModel
        /// False until the golden rows were right; requests from outside are refused until then.
        var isReady = false
        /// Called when the last request for it is answered; then it is let go.
        var onEmpty: [@Sendable () -> Void] = []

        var isLeaving: Bool { !onEmpty.isEmpty }
    }

    private struct State {
        var phase = Phase.running
        var queue: BatchQueue<PendingInference>
        var slots: [ModelKey: Slot] = [:]
        /// A batch has its turn, on whichever thread.
        var isBusy = false
        /// The batch that has it.
        var running: BatchQueue<PendingInference>.Batch?
        var statistics = ServingStatistics()
        var onEnd: [@Sendable () -> Void] = []
    }

    package let limits: ServingLimits
    /// Guards `state` and wakes the thread.
    private let condition = NSCondition()
    private var state: State

    private let now: @Sendable () -> ContinuousClock.Instant

    /// Starts the thread. It runs until `drain`.
    package init(
        limits: ServingLimits = ServingLimits(), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.limits = limits
        self.now = now
        state = State(queue: BatchQueue(limits: limits))
        NamedThread.startForGood("inference") { [self] in run() }
    }

    package var queuedRows: Int { condition.withLock { state.queue.waitingRows } }
    package var statistics: ServingStatistics { condition.withLock { state.statistics } }

    /// Draining took longer than it may: what waits is about to be refused.
    var isAbandoning: Bool { condition.withLock { state.phase == .abandoning } }

    /// Versions that answer requests.
    package var readyModels: [ModelKey] {
        condition.withLock { state.slots.filter { $1.isReady && !$1.isLeaving }.map(\.key) }
    }

    /// Holds a model, which answers no one from outside until `makeReady`. One of the same key is replaced, and with it
    /// what waits for it: it was checked against another network.
    func install(_ model: LoadedModel) {
        let waiting = condition.withLock {
            state.slots[model.key] = Slot(model: model)
            // The executor answers those of which it has rows now.
            return state.queue.removeAll(for: model.key).filter { pending in
                state.running?.portions.contains { $0.request === pending } != true
            }
        }
        Self.refuseReplaced(waiting)
    }

    private static func refuseReplaced(_ requests: [PendingInference]) {
        for pending in requests {
            pending.answer(
                .failure(
                    Failure(.unavailable, "\(pending.model.key) was loaded anew while the request waited; try again")))
        }
    }

    func makeReady(_ key: ModelKey) {
        condition.withLock { state.slots[key]?.isReady = true }
    }

    /// Lets a version go once every request for it that was accepted is answered.
    package func remove(_ key: ModelKey) async {
        await withCheckedContinuation { continuation in
            condition.withLock {
                guard state.slots[key] != nil else { return continuation.resume() }
                state.slots[key]!.onEmpty.append { continuation.resume() }
                releaseIfEmpty(key)
            }
        }
    }

    /// Queues a request or answers at once why not. `reply` is called once, on any thread, and must not block.
    ///
    /// - Parameters:
    ///   - id: what `cancel` names it by.
    ///   - deadline: when its answer is of no use any more; nil: never.
    package func submit(
        _ request: InferRequest, frames: [Frame], id: InferenceID? = nil, deadline: ContinuousClock.Instant?,
        reply: @escaping @Sendable (Result<InferenceAnswer, Failure>) -> Void
    ) {
        submit(request, frames: frames, id: id, deadline: deadline, .now, reply: reply)
    }

    /// As `submit`, but nothing is run before the next `runSubmitted`: for requests that come many at a time.
    package func submitLater(
        _ request: InferRequest, frames: [Frame], id: InferenceID? = nil, deadline: ContinuousClock.Instant?,
        reply: @escaping @Sendable (Result<InferenceAnswer, Failure>) -> Void
    ) {
        submit(request, frames: frames, id: id, deadline: deadline, .later, reply: reply)
    }

    /// Nobody waits for the answer to a request any more. What waits of it gives its place up at once; what has begun ends
    /// at its next turn. It is answered with `cancelled`, unless that is done already.
    package func cancel(_ id: InferenceID) {
        let waiting = condition.withLock { () -> PendingInference? in
            func isMeant(_ pending: PendingInference) -> Bool { pending.id == id }
            let running = state.running?.portions.first { isMeant($0.request) }?.request
            let begun = running ?? state.queue.underWay(where: isMeant)
            begun?.isCancelled.store(true, ordering: .relaxed)
            let waiting = state.queue.remove(where: isMeant)
            if begun != nil || waiting != nil { state.statistics.cancelledRequests += 1 }
            if let waiting, let version = Int(waiting.request.version) {
                releaseIfEmpty(ModelKey(model: waiting.request.model, version: version))
            }
            // The executor's, if it has begun.
            return begun == nil ? waiting : nil
        }
        waiting?.answer(.failure(.cancelled))
    }

    /// Runs what was submitted: one batch at once, on the calling thread, if nothing else runs and the model is quick;
    /// all else on the thread of its own. A quick batch takes less time than it takes to hand it to another thread and
    /// its answers back.
    package func runSubmitted() {
        condition.withLock {
            let next = state.queue.nextKey.flatMap { state.slots[$0] }
            if !state.isBusy, state.phase == .running, let next, next.model.isQuick { runNext() }
            if !state.queue.isEmpty || state.phase != .running { condition.signal() }
        }
    }

    enum Start {
        case now, later
        /// Now, and also of a version that is not ready yet.
        case check
    }

    func submit(
        _ request: InferRequest, frames: [Frame], id: InferenceID?, deadline: ContinuousClock.Instant?, _ start: Start,
        reply: @escaping @Sendable (Result<InferenceAnswer, Failure>) -> Void
    ) {
        let refusal: Failure? = condition.withLock {
            do throws(Failure) {
                try admit(request, frames, id, deadline, fromOutside: start != .check, reply)
                if start != .later { condition.signal() }
                return nil
            } catch {
                if error.code == .queueFull { state.statistics.refusedRequests += 1 }
                if error.code == .deadlineExceeded { state.statistics.expiredRequests += 1 }
                return error
            }
        }
        if let refusal { reply(.failure(refusal)) }
    }

    /// Refuses new requests and finishes those that wait. What is not answered within `limit` is refused too.
    package func drain(within limit: Duration) async {
        let deadline = Task {
            try await Task.sleep(for: limit)
            abandon()
        }
        await withCheckedContinuation { continuation in
            condition.withLock {
                guard state.phase != .ended else { return continuation.resume() }
                state.phase = .draining
                state.onEnd.append { continuation.resume() }
                condition.signal()
            }
        }
        deadline.cancel()
    }

    /// Checks a request and queues it. Called with the lock held.
    private func admit(
        _ request: InferRequest, _ frames: [Frame], _ id: InferenceID?, _ deadline: ContinuousClock.Instant?,
        fromOutside: Bool,
        _ reply: @escaping @Sendable (Result<InferenceAnswer, Failure>) -> Void
    ) throws(Failure) {
        guard state.phase == .running else {
            throw Failure(.unavailable, "this node is shutting down; ask another")
        }
        guard let version = Int(request.version),
            let slot = state.slots[ModelKey(model: request.model, version: version)],
            !slot.isLeaving, slot.isReady || !fromOutside
        else {
            let held = state.slots.filter { $1.isReady }.keys.map(\.description).sorted().joined(separator: ", ")
            throw Failure(
                .notFound,
                """
                this node does not hold \(request.model):\(request.version); it holds \
                \(held.isEmpty ? "nothing" : held)
                """)
        }
        let pending = try slot.model.check(
            request, frames, id: id, deadline: deadline, isSent: fromOutside, reply: reply)
        let now = now()
        if let deadline, deadline <= now {
            throw Failure(.deadlineExceeded, "the request's time was over before it reached the node")
        }
        do throws(BatchQueue<PendingInference>.Refusal) {
            try state.queue.admit(
                pending, for: slot.model.key, rows: pending.rows, bytes: pending.frame.count,
                capacity: slot.model.batchRows, deadline: deadline, now: now)
        } catch {
            throw Failure(error)
        }
    }

    /// What the thread does.
    private func run() {
        condition.lock()
        while true {
            while state.isBusy || (state.queue.isEmpty && state.phase == .running) { condition.wait() }
            if state.phase == .abandoning { refuseWaiting() }
            if state.queue.isEmpty { break }
            runNext()
        }
        state.phase = .ended
        let onEnd = state.onEnd + state.slots.values.flatMap(\.onEmpty)
        state.slots = [:]
        condition.unlock()
        for call in onEnd { call() }
    }

    /// Runs the next batch and answers it. Called with the lock held, which it gives up in between.
    private func runNext() {
        let now = now()
        let (batch, expired) = state.queue.next(at: now)
        state.statistics.expiredRequests += UInt64(expired.count)
        // Not that of the slot, which may hold another by now.
        let model = batch?.portions.first?.request.model
        let queuedRows = state.queue.waitingRows
        state.isBusy = true
        state.running = batch
        condition.unlock()

        for pending in expired {
            pending.answer(
                .failure(Failure(.deadlineExceeded, "the request's time was over while it waited on the node")))
        }
        var isOver = true
        if let batch, let model {
            let turn = model.run(batch, queuedRows: queuedRows, now: now)
            // First, so that whoever has an answer finds it counted.
            count(turn, of: batch)
            for portion in batch.portions { portion.request.send() }
            isOver = turn.isOver
        }

        condition.lock()
        state.isBusy = false
        state.running = nil
        guard let batch else { return }
        if let slot = state.slots[batch.key], slot.model !== model {
            condition.unlock()
            Self.refuseReplaced(batch.portions.map(\.request))
            condition.lock()
            return
        }
        guard isOver else { return state.queue.putBack(batch) }
        // Taken back while a piece of them ran that was not the last: none comes behind it any more.
        let takenBack = batch.portions.filter {
            $0.request.isCancelled.load(ordering: .relaxed) && !$0.request.isAnswered
        }
        releaseIfEmpty(batch.key)
        guard !takenBack.isEmpty else { return }
        condition.unlock()
        for portion in takenBack { portion.request.answer(.failure(.cancelled)) }
        condition.lock()
    }

    private func count(_ turn: LoadedModel.Turn, of batch: BatchQueue<PendingInference>.Batch) {
        condition.withLock {
            state.statistics.answeredRequests += UInt64(turn.answered)
            state.statistics.expiredRequests += UInt64(turn.expired)
            guard turn.isOver else { return }
            state.statistics.batches += 1
            state.statistics.rows += UInt64(batch.rows)
        }
    }

    /// Gives a model up that is to go and that nothing waits for. Called with the lock held.
    private func releaseIfEmpty(_ key: ModelKey) {
        guard let slot = state.slots[key], slot.isLeaving, state.running?.key != key, !state.queue.isWaiting(for: key)
        else { return }
        state.slots[key] = nil
        for call in slot.onEmpty { call() }
    }

    private func abandon() {
        condition.withLock {
            guard state.phase == .draining else { return }
            state.phase = .abandoning
            condition.signal()
        }
    }

    /// On the thread, with the lock held, which it gives up in between.
    private func refuseWaiting() {
        let waiting = state.queue.removeAll()
        condition.unlock()
        for pending in waiting {
            pending.answer(.failure(Failure(.unavailable, "this node shut down before it came to this request")))
        }
        condition.lock()
    }
}
