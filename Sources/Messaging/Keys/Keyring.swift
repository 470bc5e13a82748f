package import Wire

/// The keys a process knows, and whose they are. Whoever is not in it is not talked to.
package struct Keyring: Sendable, Equatable {
    package struct Entry: Codable, Sendable, Equatable {
        package var name: String
        package var role: Role
        package var publicKey: PublicKey

        package init(name: String, role: Role, publicKey: PublicKey) {
            self.name = name
            self.role = role
            self.publicKey = publicKey
        }
    }

    package enum Problem: Error, Sendable, Equatable, CustomStringConvertible {
        case invalidName(String)
        case doubleName(String)
        /// Two names would be one peer.
        case doubleKey(String, String)

        package var description: String {
            switch self {
            case .invalidName(let name):
                "expected a node name (1 to 63 of a-z, 0-9 and '-'), got '\(name)'"
            case .doubleName(let name): "expected every name once, got '\(name)' twice"
            case .doubleKey(let one, let other):
                "expected a key of its own for each node, '\(one)' and '\(other)' share one"
            }
        }
    }

    package let entries: [Entry]
    private let byKey: [PublicKey: Int]
    private let byName: [String: Int]

    package init(_ entries: [Entry]) throws(Problem) {
        var byKey: [PublicKey: Int] = [:]
        var byName: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            guard entry.name.isNodeName else { throw .invalidName(entry.name) }
            guard byName.updateValue(index, forKey: entry.name) == nil else { throw .doubleName(entry.name) }
            if let other = byKey.updateValue(index, forKey: entry.publicKey) {
                throw .doubleKey(entries[other].name, entry.name)
            }
        }
        self.entries = entries
        self.byKey = byKey
        self.byName = byName
    }

    package func entry(for key: PublicKey) -> Entry? {
        byKey[key].map { entries[$0] }
    }

    package func entry(named name: String) -> Entry? {
        byName[name].map { entries[$0] }
    }

    package func key(of name: String) -> PublicKey? {
        entry(named: name)?.publicKey
    }
}
