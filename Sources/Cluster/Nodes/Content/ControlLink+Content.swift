import Checkpoints
package import Digests
import Foundation
import Logging
import Messaging
import Wire

/// Files by digest, in pieces small enough that no heartbeat waits behind one.
extension ControlLink {
    private static let chunksUnderWay = 4

    /// Has the content in the cache, whole: what is there is verified, what is not is fetched. Goes on where it was when
    /// the coordinator comes back.
    /// - Throws: `ContentProblem` when the coordinator does not have the content or not as the digest says, or it does not
    ///   arrive as it was sent, or this node has no room for it; `StoreError`, `Failure`, `CancellationError`.
    func fetch(_ digest: ContentDigest, into cache: NodeCache) async throws {
        do {
            try await fetchWhole(digest, into: cache)
        } catch {
            throw ContentProblem.explaining(error, of: digest, on: description.name, in: cache.store.root)
        }
    }

    private func fetchWhole(_ digest: ContentDigest, into cache: NodeCache) async throws {
        if try await disk.run({ cache.holds(digest) }) { return }
        var found: [ContentDigest] = []
        // A second try mends what went wrong on the way, and tells it from what is wrong at the coordinator.
        for _ in 0..<2 {
            do {
                return try await download(digest, into: cache.store)
            } catch StoreError.uploadDiffers(_, _, let bytes) {
                found.append(bytes)
                logger.warning(
                    "content did not arrive whole",
                    metadata: ["digest": "\(digest.short)", "received": "\(bytes.short)"])
            }
        }
        throw ContentProblem(digest, received: found, by: description.name)
    }

    private func download(_ digest: ContentDigest, into store: ContentStore) async throws {
        let first: (offset: Int, total: Int, frame: Frame)
        do {
            first = try await chunk(of: digest, at: 0)
        } catch let failure as Failure where failure.code == .notFound {
            throw ContentProblem.missing(digest)
        }
        let upload = "fetch-\(UUID().uuidString)"
        do {
            try await disk.run { [total = first.total] in try store.beginUpload(upload, total: total) }
            try await write(first, upload, store)
            let offsets = stride(from: ChunkRequest.standardLength, to: first.total, by: ChunkRequest.standardLength)
            try await forEach(offsets) { offset in
                try await self.write(try await self.chunk(of: digest, at: offset), upload, store)
            }
            try await disk.run {
                try store.commit(upload, expected: digest)
                try store.touch(digest)
            }
        } catch {
            // The error that counts is the first; what is left is removed at the next start.
            try? await disk.run { try store.abandonUpload(upload) }
            throw error
        }
    }

    /// Sends a range of a file's bytes to the coordinator's store, unless it has the whole file. Every range may be sent
    /// again.
    /// - Throws: `Failure` when it is refused, `CancellationError`.
    package func upload(_ digest: ContentDigest, total: Int, range: Range<Int>, of bytes: [UInt8]) async throws {
        if try await coordinatorHas(digest) { return }
        let offsets = stride(from: range.lowerBound, to: range.upperBound, by: ChunkRequest.standardLength)
        try await forEach(offsets) { offset in
            let end = min(offset + ChunkRequest.standardLength, range.upperBound)
            let frame = bytes.withUnsafeBytes { Frame(copying: UnsafeRawBufferPointer(rebasing: $0[offset..<end])) }
            let upload = ChunkUpload(
                upload: digest.description, digest: digest, offset: UInt64(offset), total: UInt64(total))
            try await self.untilAnswered {
                try await self.request(Message(.chunkUpload(upload), frames: [frame]), timeout: self.attemptTimeout)
            }
        }
    }

    private func coordinatorHas(_ digest: ContentDigest) async throws -> Bool {
        do {
            try await untilAnswered {
                try await self.request(Message(.chunkRequest(.probe(of: digest))), timeout: self.attemptTimeout)
            }
            return true
        } catch let failure as Failure where failure.code == .notFound {
            return false
        }
    }

    private func chunk(of digest: ContentDigest, at offset: Int) async throws -> (offset: Int, total: Int, frame: Frame)
    {
        let request = ChunkRequest(digest: digest, offset: UInt64(offset), length: UInt32(ChunkRequest.standardLength))
        let answer = try await untilAnswered {
            try await self.request(Message(.chunkRequest(request)), timeout: self.attemptTimeout)
        }
        guard case .chunk(let chunk) = answer.envelope.body, chunk.digest == digest, chunk.offset == UInt64(offset),
            answer.frames.count == 1, chunk.total <= Int.max, answer.frames[0].count <= ChunkRequest.standardLength
        else {
            throw Failure(.internal, "the coordinator answered for other content than \(digest.short) at \(offset)")
        }
        return (offset, Int(chunk.total), answer.frames[0])
    }

    private func write(
        _ chunk: (offset: Int, total: Int, frame: Frame), _ upload: String, _ store: ContentStore
    ) async throws {
        try await disk.run { [chunk] in
            try chunk.frame.withUnsafeBytes { try store.write(upload, at: chunk.offset, $0) }
        }
    }

    /// Runs the body for every offset, a few at a time.
    private func forEach(
        _ offsets: StrideTo<Int>, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (index, offset) in offsets.enumerated() {
                if index >= Self.chunksUnderWay { try await tasks.next() }
                tasks.addTask { try await body(offset) }
            }
            try await tasks.waitForAll()
        }
    }
}

extension ChunkRequest {
    /// Asks for the first byte, to know whether the whole is there and sound, so that nobody needs to send it.
    static func probe(of digest: ContentDigest) -> Self { Self(digest: digest, offset: 0, length: 1) }

    var isProbe: Bool { offset == 0 && length == 1 }
}
