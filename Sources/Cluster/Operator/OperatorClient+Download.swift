package import Digests
package import Foundation
import Messaging
import Wire

extension OperatorClient {
    private static let chunkBytes = 1 << 20

    /// Copies content from the coordinator's store into a new file, which is there only once it is whole and what the
    /// digest names. Asks for one piece at a time: training and serving come first.
    ///
    /// - Throws: `Failure` of code `dataCorrupted` when what arrived is something else.
    package func download(_ digest: ContentDigest, to file: URL) async throws {
        let partial = file.appendingPathExtension("partial")
        guard FileManager.default.createFile(atPath: partial.path, contents: nil) else {
            throw Failure(.failedPrecondition, "\(partial.path) cannot be written: \(String(cString: strerror(errno)))")
        }
        do {
            let handle = try FileHandle(forWritingTo: partial)
            defer { try? handle.close() }
            var hash = SHA256()
            var offset: UInt64 = 0
            var total: UInt64 = 0
            repeat {
                let (chunk, frame) = try await piece(of: digest, at: offset)
                try frame.withUnsafeBytes { bytes in
                    hash.update(bytes)
                    try handle.write(contentsOf: bytes)
                }
                total = chunk.total
                offset += UInt64(frame.count)
            } while offset < total
            let found = hash.finalize()
            guard found == digest, offset == total else {
                throw Failure(.dataCorrupted, "expected content \(digest), the coordinator sent \(found)")
            }
            try handle.synchronize()
            guard rename(partial.path, file.path) == 0 else {
                throw Failure(
                    .failedPrecondition, "\(file.path) cannot be written: \(String(cString: strerror(errno)))")
            }
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw error
        }
    }

    private func piece(of digest: ContentDigest, at offset: UInt64) async throws -> (Chunk, Frame) {
        let request = ChunkRequest(digest: digest, offset: offset, length: UInt32(Self.chunkBytes))
        let answer = try await link.request(Message(.chunkRequest(request)), timeout: timeout)
        guard case .chunk(let chunk) = answer.envelope.body, chunk.digest == digest, chunk.offset == offset,
            answer.frames.count == 1, let frame = answer.frames.first, frame.count > 0 || chunk.total == offset
        else { throw Failure(.internal, "the coordinator answered for other content than \(digest.short)") }
        return (chunk, frame)
    }
}
