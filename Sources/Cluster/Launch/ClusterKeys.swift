import Foundation
import Messaging
import Wire

/// Makes the keys of a cluster: one pair for each node and one for the operator, and the keyring with all their
/// public halves. Keys that exist stay, so nodes that run go on trusting each other.
enum ClusterKeys {
    static func prepare(_ nodes: [(name: String, role: Role)], in folder: URL) throws -> Keyring {
        let entries = try nodes.map { node in
            let file = folder.appending(path: "\(node.name).key")
            let pair: KeyPair
            if FileManager.default.fileExists(atPath: file.path) {
                pair = try KeyPair(contentsOf: file)
            } else {
                pair = KeyPair.generate()
                try pair.write(to: folder, name: node.name)
            }
            return Keyring.Entry(name: node.name, role: node.role, publicKey: pair.publicKey)
        }
        let keyring = Keyring(entries: entries)
        try keyring.save(to: folder)
        return keyring
    }
}
