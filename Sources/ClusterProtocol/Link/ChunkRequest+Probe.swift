package import Digests
package import Wire

extension ChunkRequest {
    /// Asks for the first byte, to know whether the whole is there and sound, so that nobody needs to send it.
    package static func probe(of digest: ContentDigest) -> Self { Self(digest: digest, offset: 0, length: 1) }

    package var isProbe: Bool { offset == 0 && length == 1 }
}
