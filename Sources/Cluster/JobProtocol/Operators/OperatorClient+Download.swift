package import Digests
import Files
package import Foundation
import Messaging
import Wire

extension OperatorClient {
    /// Copies content from the coordinator's store into a file, which is there only once it is whole and what the digest
    /// names. Asks for one piece at a time: training and serving come first.
    ///
    /// - Throws: `Failure` of code `dataCorrupted` when what arrived is something else, `FileError` when it cannot be
    ///   written.
    package func download(_ digest: ContentDigest, to file: URL) async throws {
        let output = try OutputFile(file.path(percentEncoded: false))
        var hash = SHA256()
        var offset: UInt64 = 0
        var total: UInt64 = 0
        repeat {
            let (chunk, frame) = try await piece(of: digest, at: offset)
            try frame.withUnsafeBytes { bytes in
                hash.update(bytes)
                try output.write(bytes)
            }
            total = chunk.total
            offset += UInt64(frame.count)
        } while offset < total
        let found = hash.finalize()
        guard found == digest, offset == total else {
            throw Failure(.dataCorrupted, "expected content \(digest), the coordinator sent \(found)")
        }
        try output.commit()
    }

    private func piece(of digest: ContentDigest, at offset: UInt64) async throws -> (Chunk, Frame) {
        let request = ChunkRequest(digest: digest, offset: offset, length: UInt32(ChunkRequest.standardLength))
        let answer = try await link.request(Message(.chunkRequest(request)), timeout: timeout)
        guard case .chunk(let chunk) = answer.envelope.body, chunk.digest == digest, chunk.offset == offset,
            answer.frames.count == 1, let frame = answer.frames.first, frame.count > 0 || chunk.total == offset
        else { throw Failure(.internal, "the coordinator answered for other content than \(digest.short)") }
        return (chunk, frame)
    }
}
