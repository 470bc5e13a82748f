import Checkpoints
import Digests
import Explanations
import Foundation
import Logging
import Messaging
import Synchronization
import Training
import Wire

/// The coordinator's content store and the threads that work on it: one writes, one reads, one prepares data.
///
/// Everything that makes or removes content runs on the writing thread in the order in which the control plane wanted
/// it, so a release never overtakes the commit before it.
final class Vault: Sendable {
    /// Bytes of one piece at most, read or written.
    static let chunkBytes = ChunkRequest.standardLength

    let store: ContentStore
    private let sound: SoundContents
    private let writing: WorkThread
    private let reading: WorkThread
    private let preparing: WorkThread
    private let preparation: PreparationRun
    private let preparationFolder: URL
    /// By worker, the generation for which it may upload.
    private let rights = Mutex<[String: UInt64]>([:])
    private let writeProblem = Mutex<String?>(nil)

    /// Blocks on the disk.
    init(root: URL, chunkLimit: Int, jobLimit: Int, preparer: Preparer = .ownProcess) throws {
        store = try ContentStore(root: root, keepingUploads: true)
        sound = SoundContents(of: store)
        writing = WorkThread(name: "store-write", limit: chunkLimit)
        reading = WorkThread(name: "store-read", limit: chunkLimit)
        preparing = WorkThread(name: "preparation", limit: jobLimit)
        preparation = PreparationRun(preparer)
        // Within the store, so that what was made there can be moved.
        preparationFolder = root.appending(path: "preparation")
        try PreparationFolder(preparationFolder).remove()
    }

    func close() {
        for thread in [writing, reading, preparing] { thread.close() }
    }

    /// Why the last file could not be written; nil when it was.
    var problem: String? { writeProblem.withLock { $0 } }

    func allowUploads(_ generations: [String: UInt64]) {
        rights.withLock { $0 = generations }
    }

    /// Reads a piece of some content and gives it to `reply`, on another thread.
    func read(_ request: ChunkRequest, reply: @escaping @Sendable (Result<(Chunk, Frame), Failure>) -> Void) {
        perform(on: reading, reply) { [store, sound] in
            guard request.length <= Self.chunkBytes else {
                throw Failure(
                    .invalidArgument,
                    "a piece of \(request.length) bytes was asked for; expected at most \(Self.chunkBytes)")
            }
            guard request.isProbe ? sound.contains(request.digest) : store.contains(request.digest) else {
                throw Failure(.notFound, "the coordinator has no content \(request.digest)")
            }
            let total = try store.size(of: request.digest)
            guard request.offset <= UInt64(total) else {
                throw Failure(.invalidArgument, "offset \(request.offset) is behind the end, at \(total)")
            }
            let bytes = try store.read(request.digest, at: Int(request.offset), count: Int(request.length))
            let chunk = Chunk(digest: request.digest, offset: request.offset, total: UInt64(total))
            return (chunk, Frame(copying: bytes))
        }
    }

    /// Writes a piece of a file that the ranks of a generation send together.
    func write(
        _ piece: ChunkUpload, _ frame: Frame, from worker: String,
        reply: @escaping @Sendable (Result<Void, Failure>) -> Void
    ) {
        guard let generation = rights.withLock({ $0[worker] }) else {
            reply(.failure(Failure(.failedPrecondition, "'\(worker)' is in no running generation")))
            return
        }
        perform(on: writing, reply) { [self] in
            guard frame.count <= Self.chunkBytes, piece.total <= UInt64(Int.max), piece.offset <= piece.total else {
                throw Failure(
                    .invalidArgument,
                    "a piece of \(frame.count) bytes at \(piece.offset) of \(piece.total) was sent; expected at most "
                        + "\(Self.chunkBytes) bytes within the file")
            }
            let id = Self.uploadID(generation: generation, piece.digest)
            try noting {
                try store.beginUpload(id, total: Int(piece.total))
                try frame.withUnsafeBytes { try store.write(id, at: Int(piece.offset), $0) }
            }
        }
    }

    /// Verifies the uploaded files of a checkpoint and makes them permanent.
    func commit(_ upload: CheckpointUpload, done: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let checkpoint = upload.checkpoint
        enqueue(on: writing, done) { [self] in
            for digest in Set([checkpoint.model, checkpoint.optimizer, checkpoint.best]) {
                let id = Self.uploadID(generation: upload.generation, digest)
                if sound.contains(digest) {
                    try store.abandonUpload(id)
                } else {
                    try noting { try store.commit(id, expected: digest) }
                    sound.wasStored(digest)
                }
            }
        }
    }

    /// Writes the manifest of a result, once its files are known to be whole.
    func put(_ manifest: Manifest, done: @escaping @Sendable (Result<ContentDigest, any Error>) -> Void) {
        enqueue(on: writing, done) { [self] in
            for file in manifest.files {
                do {
                    try store.verify(file.digest)
                } catch StoreError.corrupted(let digest, let found) {
                    throw ContentProblem.damaged(digest, found: found)
                }
            }
            let bytes = try manifest.encoded()
            return try noting { try store.put(bytes) }
        }
    }

    func discardUploads(ofGeneration generation: UInt64, done: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        enqueue(on: writing, done) { [store] in
            for id in try store.uploads() where id.hasPrefix(Self.uploadPrefix(generation)) {
                try store.abandonUpload(id)
            }
        }
    }

    func remove(_ digests: Set<ContentDigest>, done: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        enqueue(on: writing, done) { [store, sound] in
            for digest in digests {
                try store.remove(digest)
                sound.wasRemoved(digest)
            }
        }
    }

    /// What a sweep did, and what it could not do.
    struct Swept {
        var contents = 0
        var bytes = 0
        /// What lies in the store and is no content, or cannot be removed: left alone.
        var obstacles: [any Error] = []
    }

    /// Removes all contents but these. For when no job runs; what is made for one that comes meanwhile is taken over
    /// after.
    ///
    /// - Parameter whilePreparing: a job is prepared, of which some contents may be here that nothing refers to yet. They
    ///   are left alone, with all others, unless the disk has not taken them: then nothing else makes room, and they are
    ///   made again. The result is nil where they are left alone.
    func collect(
        keeping digests: Set<ContentDigest>, whilePreparing: Bool = false,
        done: @escaping @Sendable (Result<Swept?, any Error>) -> Void
    ) {
        enqueue(on: writing, done) { [self] in
            if whilePreparing, problem == nil { return nil }
            return try removeAll(but: digests)
        }
    }

    /// What of these contents the store lacks, by what the file system says of each.
    func gaps(
        in needs: [ContentDigest: ContentNeed], done: @escaping @Sendable (Result<[ContentGap], any Error>) -> Void
    ) {
        enqueue(on: writing, done) { [store] in store.gaps(in: needs) }
    }

    private func removeAll(but digests: Set<ContentDigest>) throws -> Swept {
        let listing = try store.listing()
        let strays = try store.strays(besides: [preparationFolder.lastPathComponent])
        var swept = Swept(obstacles: listing.obstacles + strays)
        for content in listing.contents where !digests.contains(content.digest) {
            do {
                try store.remove(content.digest)
                sound.wasRemoved(content.digest)
                swept.contents += 1
                swept.bytes += content.bytes
            } catch {
                swept.obstacles.append(error)
            }
        }
        return swept
    }

    /// Makes a snapshot of the state and of all contents, of which none is removed meanwhile.
    func snapshot(
        _ state: StateStore, in data: URL,
        done: @escaping @Sendable (Result<(URL, BackupSummary), any Error>) -> Void
    ) {
        enqueue(on: writing, done) { [store] in try Snapshot.make(of: state, store, in: data) }
    }

    /// Checks what a job starts from, indexes and checks its data, cuts it into shards, and makes all that content.
    /// Throws what `PreparationRun` does.
    ///
    /// What is made is kept apart until it is whole, then taken over behind the releases that are under way: they must
    /// not take away shards that are made again.
    func prepare(
        _ job: String, _ specification: JobSpecification, start: StartingPoint? = nil,
        done: @escaping @Sendable (Result<Preparation, any Error>) -> Void
    ) {
        let folder = PreparationFolder(preparationFolder.appending(path: job))
        let request = PreparationRequest(specification: specification, start: start, store: store.root)
        preparing.enqueue { [self] in
            let made = Result { try preparation.perform(request, of: job, in: folder) }
            enqueue(on: writing, done) { [self] in
                do {
                    return try noting(StorageProblem.isFull) {
                        let preparation = try made.get()
                        try folder.handOver(to: store)
                        try folder.remove()
                        return preparation
                    }
                } catch {
                    // The first error is the one that counts; what cannot be removed now is at the next start.
                    try? folder.remove()
                    throw error
                }
            }
        }
    }

    /// Ends the preparation of a job whose result nobody wants any more.
    func stopPreparation(_ job: String) {
        preparation.stop(job)
    }

    /// After a start: removes what a crash left, to which nothing refers, and uploads of generations that are over.
    /// Blocks on the disk.
    ///
    /// Content is left alone while a generation runs: a crash may have come between storing a checkpoint's files and
    /// recording them, and the ranks, which have uploaded everything, are about to ask for the commit again.
    /// - Returns: what was in the way, of which each costs nothing but itself.
    func sweep(keeping digests: Set<ContentDigest>, generations: Set<UInt64>) throws -> [any Error] {
        var obstacles = generations.isEmpty ? try removeAll(but: digests).obstacles : []
        let kept = generations.map(Self.uploadPrefix)
        for id in try store.uploads() where !kept.contains(where: { id.hasPrefix($0) }) {
            do {
                try store.abandonUpload(id)
            } catch {
                obstacles.append(error)
            }
        }
        return obstacles
    }

    /// Writes, and remembers what came of it. What the disk does not take now it may take later, so whoever asked is
    /// told to try again.
    private func noting<Value>(
        _ isTransient: (any Error) -> Bool = StorageProblem.isTransient, _ write: () throws -> Value
    ) throws -> Value {
        do {
            let value = try write()
            writeProblem.withLock { $0 = nil }
            return value
        } catch  where isTransient(error) {
            let reason = StorageProblem.words(for: error)
            writeProblem.withLock { $0 = reason }
            throw Failure(.unavailable, "the coordinator cannot store: \(reason)")
        }
    }

    /// Work of the coordinator itself: never refused, and done in the order in which it was asked for.
    private func enqueue<Value>(
        on thread: WorkThread, _ done: @escaping @Sendable (Result<Value, any Error>) -> Void,
        _ work: @escaping @Sendable () throws -> Value
    ) {
        thread.enqueue { done(Result(catching: work)) }
    }

    private func perform<Value>(
        on thread: WorkThread, _ reply: @escaping @Sendable (Result<Value, Failure>) -> Void,
        _ work: @escaping @Sendable () throws -> Value
    ) {
        do throws(WorkThread.Refusal) {
            try thread.submit { reply(Result(catching: work).mapError(Failure.init(storage:))) }
        } catch {
            let code: Failure.Code = if case .full = error { .queueFull } else { .unavailable }
            reply(.failure(Failure(code, "\(error.explanation); try again")))
        }
    }

    private static func uploadID(generation: UInt64, _ digest: ContentDigest) -> String {
        uploadPrefix(generation) + digest.description
    }

    private static func uploadPrefix(_ generation: UInt64) -> String { "g\(generation)-" }
}
