import JobProtocol
import ControlPlane
import ClusterProtocol
import Explanations
import Foundation
import Logging
import Wire

/// What operators do to the coordinator's state and store as a whole.
extension ControlLoop {
    func stateStatus() async throws(Failure) -> ClusterStatus.StateStatus {
        do {
            return ClusterStatus.StateStatus(size: try await state.size(), retention: configuration.retention)
        } catch {
            throw Self.unreadable(error)
        }
    }

    /// Forgets a job that is over. The version it made stays.
    func deleteJob(_ id: String, by operatorName: String) async throws(Failure) -> Deletion {
        if plane.scheduler.job(id) != nil {
            throw Failure(
                .failedPrecondition, "\(id) is not over: wait for it, or end it first (martlet job cancel \(id))")
        }
        _ = try await storedJob(id)
        do {
            try await state.deleteJob(id)
        } catch {
            throw Failure(
                .unavailable,
                "the coordinator could not store the change, so nothing was deleted: \(error.explanation)")
        }
        logger.info("job deleted", metadata: ["job": "\(id)", "operator": "\(operatorName)"])
        return Deletion(deleted: [id])
    }

    /// Removes what nothing refers to and what is over and more than is to be kept, and makes the database as small as
    /// it can be.
    func collect(_ request: RequestID) {
        let tidying = Tidying(state: state, vault: vault, retention: configuration.retention)
        let answer = later(request)
        guard !plane.scheduler.jobs.contains(where: { $0.running != nil }) else {
            Task { answer(await tidying.answer(removed: .success(nil))) }
            return
        }
        let isPreparing = plane.scheduler.jobs.contains { $0.state == .preparing }
        vault.collect(keeping: plane.references, whilePreparing: isPreparing) { removed in
            Task { answer(await tidying.answer(removed: removed)) }
        }
    }

    func backUp(_ request: RequestID) {
        let answer = later(request)
        vault.snapshot(state, in: configuration.data) { result in
            switch result {
            case .success((let folder, let summary)):
                answer(.backup(BackupMade(folder: folder.path, summary: summary)))
            case .failure(let error):
                answer(.failure(Failure(.internal, "the backup was not made: \(error.explanation)")))
            }
        }
    }

    /// Answers from any thread, by way of the inbox.
    private func later(_ request: RequestID) -> @Sendable (Answer) -> Void {
        { [completions] answer in completions.put(answer: answer, to: request) }
    }
}

/// The part of a collection that is done to the state, and what is found on the way.
private struct Tidying: Sendable {
    var state: StateStore
    var vault: Vault
    var retention: RetentionPolicy

    private static let busy = "jobs run, whose files may be on their way: ask again when none does"

    /// - Parameter removed: nil where the store was left alone.
    func answer(removed: Result<Vault.Swept?, any Error>) async -> Answer {
        do {
            let found = try removed.get()
            let (swept, skipped) = (found ?? Vault.Swept(), found == nil ? Self.busy : nil)
            let before = try await state.size()
            var collection = GarbageCollected(
                contents: swept.contents, contentBytes: swept.bytes, skipped: skipped, pruned: PrunedState(),
                before: before, after: before)
            collection.obstacles = swept.obstacles.isEmpty ? nil : shortened(swept.obstacles.map(\.explanation))
            // While jobs run, contents come and go between a look at the state and one at the store.
            let gaps = skipped == nil ? try await gaps() : []
            collection.gaps = gaps.isEmpty ? nil : shortened(gaps)
            if let obstacle = state.obstacle {
                collection.stateProblem = obstacle
            } else {
                do {
                    collection.pruned = try await state.prune(retention)
                    try await state.compact()
                } catch {
                    collection.stateProblem = state.words(for: error)
                }
            }
            collection.after = try await state.size()
            return .collection(collection)
        } catch {
            return .failure(Failure(.internal, "the collection stopped on the way: \(state.words(for: error))"))
        }
    }

    private func gaps() async throws -> [ContentGap] {
        let needs = try await state.load().needs
        return try await withCheckedThrowingContinuation { continuation in
            vault.gaps(in: needs) { continuation.resume(with: $0) }
        }
    }

    private func shortened<Element>(_ list: [Element]) -> [Element] {
        Array(list.prefix(GarbageCollected.longest))
    }
}
