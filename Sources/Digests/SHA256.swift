import CSodium

/// SHA-256 over bytes that arrive piece by piece.
public struct SHA256: ~Copyable {
    private var state = crypto_hash_sha256_state()

    public init() {
        crypto_hash_sha256_init(&state)
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        crypto_hash_sha256_update(&state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    public consuming func finalize() -> ContentDigest {
        var digest = [UInt8](repeating: 0, count: ContentDigest.byteCount)
        crypto_hash_sha256_final(&state, &digest)
        return ContentDigest(bytes: digest)!
    }
}
