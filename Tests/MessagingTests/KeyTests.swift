import Digests
import Foundation
import Testing
import Wire

@testable import Messaging

@Suite struct KeyTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func mode(of url: URL) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int)
    }

    @Test func publicKeysAreTheirZ85() throws {
        let key = KeyPair.generate().publicKey
        #expect(PublicKey(z85: key.z85) == key)
        #expect(key.z85.count == 40)
        #expect(key.fingerprint == String(ContentDigest(of: key.bytes).description.prefix(16)))
        let json = try JSONEncoder().encode([key])
        #expect(try JSONDecoder().decode([PublicKey].self, from: json) == [key])
    }

    /// The example of ZeroMQ RFC 32.
    @Test func z85IsThatOfTheStandard() {
        let bytes: [UInt8] = [0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b]
        #expect(bytes.withUnsafeBytes { Z85.encode($0) } == "HelloWorld")
        #expect(Z85.decode("HelloWorld", byteCount: 8) == bytes)
    }

    @Test(arguments: ["", "HelloWorld", String(repeating: "~", count: 40), String(repeating: "é", count: 20)])
    func otherTextIsNoKey(text: String) {
        #expect(PublicKey(z85: text) == nil)
    }

    @Test func secretsAreNeverPrinted() {
        let pair = KeyPair.generate()
        let secret = Z85.encode(pair.secretKey.bytes)
        var dumped = ""
        dump(pair, to: &dumped)
        dump(pair.secretKey, to: &dumped)
        for text in [
            "\(pair)", String(reflecting: pair), "\(pair.secretKey)", String(reflecting: pair.secretKey), dumped,
        ] {
            #expect(!text.contains(secret))
            for byteList in ["\(Array(pair.secretKey.bytes.prefix(4)))".dropFirst().dropLast()] {
                #expect(!text.contains(byteList))
            }
        }
    }

    @Test func filesRoundTripAndBelongToTheirOwner() throws {
        let pair = KeyPair.generate()
        let url = try pair.write(to: folder, name: "worker-0")
        #expect(url.lastPathComponent == "worker-0.key")
        #expect(try mode(of: url) == 0o600)
        let read = try KeyPair(contentsOf: url)
        #expect(read.publicKey == pair.publicKey)
        #expect(Array(read.secretKey.bytes) == Array(pair.secretKey.bytes))
    }

    @Test func aPipeIsNotWaitedFor() throws {
        let pipe = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        try #require(mkfifo(pipe.path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(at: pipe) }
        #expect(throws: KeyError.file(path: pipe.path, operation: "open it", reason: "it is a pipe, expected a file")) {
            try KeyPair(contentsOf: pipe)
        }
    }

    @Test func aFolderIsNamedAsOne() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(
            throws: KeyError.file(path: folder.path, operation: "open it", reason: "it is a folder, expected a file")
        ) {
            try KeyPair(contentsOf: folder)
        }
    }

    @Test func filesAreNeverOverwritten() throws {
        let url = try KeyPair.generate().write(to: folder, name: "worker-0")
        let before = try Data(contentsOf: url)
        let error = #expect(throws: KeyError.self) { try KeyPair.generate().write(to: folder, name: "worker-0") }
        #expect(error?.description.contains(url.path) == true)
        #expect(try Data(contentsOf: url) == before)
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o660]) func filesThatOthersMayReadAreRefused(mode: Int) throws {
        let url = try KeyPair.generate().write(to: folder, name: "worker-0")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
        #expect(throws: KeyError.permissions(path: url.path, expected: "600", got: String(mode, radix: 8))) {
            try KeyPair(contentsOf: url)
        }
    }

    @Test func damagedFilesAreRefusedWithoutTheSecret() throws {
        let pair = KeyPair.generate()
        let url = try pair.write(to: folder, name: "worker-0")
        let secret = Z85.encode(pair.secretKey.bytes)
        let others = [
            "", "public \(pair.publicKey.z85)\n", "public \(pair.publicKey.z85)\nsecret \(secret.dropLast())\n",
            "public \(KeyPair.generate().publicKey.z85)\nsecret \(secret)\n",
        ]
        for text in others {
            try Data(text.utf8).write(to: url)
            let error = #expect(throws: KeyError.self) { try KeyPair(contentsOf: url) }
            #expect(error.map { !"\($0)".contains(secret.prefix(10)) } == true)
        }
        #expect(throws: KeyError.self) { try KeyPair(contentsOf: folder.appending(path: "none.key")) }
    }

    @Test func keyringsFindByKeyAndName() throws {
        let (one, other) = (KeyPair.generate().publicKey, KeyPair.generate().publicKey)
        let keyring = try Keyring([
            .init(name: "coordinator", role: .coordinator, publicKey: one),
            .init(name: "worker-0", role: .worker, publicKey: other),
        ])
        #expect(keyring.entry(for: other)?.name == "worker-0")
        #expect(keyring.key(of: "coordinator") == one)
        #expect(keyring.entry(for: KeyPair.generate().publicKey) == nil)
        #expect(keyring.key(of: "worker-1") == nil)
    }

    @Test func keyringsAreWithoutDoubles() {
        let (one, other) = (KeyPair.generate().publicKey, KeyPair.generate().publicKey)
        func keyring(_ first: String, _ second: String, _ key: PublicKey) throws {
            _ = try Keyring([
                .init(name: first, role: .worker, publicKey: one), .init(name: second, role: .worker, publicKey: key),
            ])
        }
        #expect(throws: Keyring.Problem.doubleName("a")) { try keyring("a", "a", other) }
        #expect(throws: Keyring.Problem.doubleKey("a", "b")) { try keyring("a", "b", one) }
        #expect(throws: Keyring.Problem.invalidName("A")) { try keyring("a", "A", other) }
    }

    @Test func keyringFilesAreReplacedInOneStep() throws {
        let url = folder.appending(path: "keyring.json")
        for count in 1...3 {
            let keyring = try Keyring(
                (0..<count).map {
                    .init(name: "worker-\($0)", role: .worker, publicKey: KeyPair.generate().publicKey)
                })
            try keyring.save(to: url)
            #expect(try Keyring(contentsOf: url) == keyring)
        }
        #expect(try mode(of: url) == 0o644)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["keyring.json"])
        try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: url.path)
        #expect(throws: KeyError.permissions(path: url.path, expected: "644", got: "664")) {
            try Keyring(contentsOf: url)
        }
    }
}
