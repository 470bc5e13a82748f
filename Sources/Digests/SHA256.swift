import COpenSSL

/// SHA-256 over bytes that arrive piece by piece, with the CPU's own instructions where it has them.
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("OpenSSL has no memory for a SHA-256 state, or was built without SHA-256")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "a SHA-256 digest takes any bytes until it is finalized")
    }

    public consuming func finalize() -> ContentDigest {
        let bytes = [UInt8](unsafeUninitializedCapacity: ContentDigest.byteCount) { digest, count in
            let status = EVP_DigestFinal_ex(context, digest.baseAddress, nil)
            precondition(status == 1, "a SHA-256 digest is finalized once")
            count = ContentDigest.byteCount
        }
        return ContentDigest(bytes: bytes)!
    }
}
