import Digests
import Foundation
import Testing

/// Expected digests are the examples of FIPS 180-4.
@Suite struct ContentDigestTests {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func knownAnswers() {
        #expect(ContentDigest(of: Array("abc".utf8)).description == abc)
        #expect(
            ContentDigest(of: []).description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func piecesGiveTheSameDigest() {
        var hash = SHA256()
        for byte in "abc".utf8 {
            withUnsafeBytes(of: byte) { hash.update($0) }
        }
        #expect(hash.finalize().description == abc)
    }

    @Test func filesAreHashedWhole() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: url) }
        let content = [UInt8](repeating: 7, count: 3 << 20 | 5)
        try Data(content).write(to: url)
        #expect(try ContentDigest(ofFile: url) == ContentDigest(of: content))
    }

    @Test func textAndBytesRoundTrip() throws {
        let digest = ContentDigest(of: [1, 2, 3])
        #expect(ContentDigest(hexadecimal: digest.description) == digest)
        #expect(ContentDigest(bytes: digest.bytes) == digest)
        let json = try JSONEncoder().encode([digest])
        #expect(try JSONDecoder().decode([ContentDigest].self, from: json) == [digest])
    }

    @Test(arguments: ["", "ba78", String(repeating: "g", count: 64), String(repeating: "0", count: 65)])
    func otherTextIsRefused(text: String) {
        #expect(ContentDigest(hexadecimal: text) == nil)
    }
}
