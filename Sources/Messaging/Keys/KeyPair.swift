import CZeroMQ

/// A process's CURVE identity. Only the public half can be seen.
package struct KeyPair: Sendable {
    package let publicKey: PublicKey
    let secretKey: SecretKey

    init(publicKey: PublicKey, secretKey: SecretKey) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// A new pair from the system's randomness.
    package static func generate() -> KeyPair {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 82) { text in
            let (publicText, secretText) = (text.baseAddress!, text.baseAddress! + 41)
            guard zmq_curve_keypair(publicText, secretText) == 0 else {
                fatalError("libzmq was built without CURVE: install one that was (Debian and Ubuntu's is)")
            }
            defer { for index in text.indices { text[index] = 0 } }
            return KeyPair(secretText: String(cString: secretText))!
        }
    }

    /// The pair whose secret half is `text` in Z85; nil when it is none. The public half follows from it.
    init?(secretText text: String) {
        guard let secret = Z85.decode(text, byteCount: PublicKey.byteCount) else { return nil }
        let publicText = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 41) { buffer -> String? in
            zmq_curve_public(buffer.baseAddress!, text) == 0 ? String(cString: buffer.baseAddress!) : nil
        }
        guard let publicText, let publicKey = PublicKey(z85: publicText) else { return nil }
        self.init(publicKey: publicKey, secretKey: SecretKey(bytes: secret))
    }
}

extension KeyPair: CustomStringConvertible, CustomReflectable {
    package var description: String { "KeyPair(\(publicKey.fingerprint))" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
