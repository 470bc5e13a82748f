import Foundation
import Messaging
import Wire

/// Makes the keys of a cluster: one pair for each node and one for the operator, and the keyring with all their
/// public halves. Keys that exist stay, so nodes that run go on trusting each other.
enum ClusterKeys {
    static func prepare(_ nodes: [(name: String, role: Role)], in folder: URL) throws -> Keyring {
        let entries = try nodes.map { node in
            Keyring.Entry(name: node.name, role: node.role, publicKey: try pair(of: node.name, in: folder).publicKey)
        }
        let keyring = try Keyring(entries)
        try save(keyring, in: folder)
        return keyring
    }

    /// Those of the nodes that have no key.
    static func missing(_ nodes: [String], in folder: URL) -> [String] {
        nodes.filter { !FileManager.default.fileExists(atPath: ClusterFolder.key(of: $0, in: folder).path) }
    }

    /// Writes nothing where the file says the same already, as on a disk that is full.
    private static func save(_ keyring: Keyring, in folder: URL) throws {
        let file = ClusterFolder.keyring(in: folder)
        if (try? Keyring(contentsOf: file)) != keyring { try keyring.save(to: file) }
    }

    /// Puts what one node needs of `folder` into another folder: its own pair and the keyring.
    static func copy(of node: String, from folder: URL, to target: URL, keyring: Keyring) throws {
        let pair = try KeyPair(contentsOf: ClusterFolder.key(of: node, in: folder))
        let file = ClusterFolder.key(of: node, in: target)
        if (try? KeyPair(contentsOf: file))?.publicKey != pair.publicKey {
            if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
            try pair.write(to: target, name: node)
        }
        try save(keyring, in: target)
    }

    private static func pair(of node: String, in folder: URL) throws -> KeyPair {
        let file = ClusterFolder.key(of: node, in: folder)
        if FileManager.default.fileExists(atPath: file.path) { return try KeyPair(contentsOf: file) }
        let pair = KeyPair.generate()
        try pair.write(to: folder, name: node)
        return pair
    }
}
