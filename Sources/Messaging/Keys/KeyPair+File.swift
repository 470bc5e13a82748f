package import Foundation

/// `<name>.key`: two lines, `public <Z85>` and `secret <Z85>`, mode 0600.
extension KeyPair {
    /// Writes a new file and returns where. Throws when there is one already: keys are never overwritten.
    @discardableResult
    package func write(to directory: URL, name: String) throws(KeyError) -> URL {
        let url = directory.appending(path: name + ".key")
        let text = "public \(publicKey.z85)\nsecret \(Z85.encode(secretKey.bytes))\n"
        try KeyFile.create(url, mode: 0o600, content: Array(text.utf8))
        return url
    }

    /// Reads a file that `write` made. Throws when anyone but the owner may read it.
    package init(contentsOf url: URL) throws(KeyError) {
        let content = try KeyFile.read(url, forbidden: 0o077, expectedMode: "600")
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
        guard lines.count == 2, lines.allSatisfy({ $0.count == 2 }), lines[0][0] == "public", lines[1][0] == "secret",
            let publicKey = PublicKey(z85: String(lines[0][1])), let pair = KeyPair(secretText: String(lines[1][1]))
        else {
            throw .invalid(
                path: url.path, expected: "two lines, 'public' and 'secret', each with 40 characters of Z85",
                got: "something else")
        }
        guard pair.publicKey == publicKey else {
            throw .invalid(
                path: url.path, expected: "the public key of the secret one, \(pair.publicKey.fingerprint)",
                got: publicKey.fingerprint)
        }
        self = pair
    }
}
