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
    func deleteJob(_ id: String, by operatorName: String) async throws(Failure) -> OperatorCall.Deletion {
        if plane.scheduler.job(id) != nil {
            throw Failure(
                .failedPrecondition, "\(id) is not over: wait for it, or end it first (martlet job cancel \(id))")
        }
        _ = try await storedJob(id)
        do {
            try await state.deleteJob(id)
        } catch {
            throw Failure(.unavailable, "the coordinator could not store the change, so nothing was deleted: \(error)")
        }
        logger.info("job deleted", metadata: ["job": "\(id)", "operator": "\(operatorName)"])
        return OperatorCall.Deletion(deleted: [id])
    }

    /// Removes what nothing refers to and what is over and more than is to be kept, and makes the database as small as
    /// it can be.
    func collect(_ request: RequestID) {
        let tidying = Tidying(state: state, retention: configuration.retention)
        let answer = later(request)
        guard !plane.scheduler.jobs.contains(where: { $0.state == .preparing || $0.running != nil }) else {
            let reason = "jobs run, whose files may be on their way: ask again when none does"
            Task { answer(await tidying.answer(removed: .success((0, 0)), skipped: reason)) }
            return
        }
        vault.collect(keeping: plane.references) { removed in
            Task { answer(await tidying.answer(removed: removed)) }
        }
    }

    func backUp(_ request: RequestID) {
        let answer = later(request)
        vault.snapshot(state, in: configuration.data) { result in
            switch result {
            case .success((let folder, let summary)):
                answer(.backup(OperatorCall.Backup(folder: folder.path, summary: summary)))
            case .failure(let error): answer(.failure(Failure(.internal, "the backup was not made: \(error)")))
            }
        }
    }

    /// Answers from any thread, by way of the inbox.
    private func later(_ request: RequestID) -> @Sendable (Answer) -> Void {
        { [completions] answer in completions.put { _, _ in [.answer(request, answer)] } }
    }
}

/// The part of a collection that is done to the state.
private struct Tidying: Sendable {
    var state: StateStore
    var retention: RetentionPolicy

    func answer(removed: Result<(Int, bytes: Int), any Error>, skipped: String? = nil) async -> Answer {
        do {
            let (contents, bytes) = try removed.get()
            let before = try await state.size()
            let pruned = try await state.prune(retention)
            try await state.compact()
            return .collection(
                OperatorCall.Collection(
                    contents: contents, contentBytes: bytes, skipped: skipped, pruned: pruned, before: before,
                    after: try await state.size()))
        } catch {
            return .failure(Failure(.internal, "the collection stopped on the way: \(error)"))
        }
    }
}
