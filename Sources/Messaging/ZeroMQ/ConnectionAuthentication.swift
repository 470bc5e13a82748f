import Synchronization
import Wire

/// Decides which keys may connect to which listener. libzmq asks about every connection before the first message
/// passes (ZAP, ZeroMQ RFC 27), naming the listener by its domain.
final class ConnectionAuthentication: Sendable {
    enum Verdict: Equatable {
        case admit(name: String)
        case refuse(reason: String)
    }

    private let current: Mutex<Keyring>
    private let domains = Mutex<[String: Set<Role>]>([:])

    init(keyring: Keyring) {
        current = Mutex(keyring)
    }

    var keyring: Keyring { current.withLock { $0 } }

    /// From now on the keys of this keyring are known, and no others. Connections that are open stay.
    func replace(_ keyring: Keyring) {
        current.withLock { $0 = keyring }
    }

    func open(domain: String, roles: Set<Role>) {
        domains.withLock { $0[domain] = roles }
    }

    func close(domain: String) {
        domains.withLock { $0[domain] = nil }
    }

    func verdict(domain: String, mechanism: String, credentials: [UInt8]) -> Verdict {
        guard mechanism == "CURVE", let key = PublicKey(bytes: credentials) else {
            return .refuse(reason: "expected a CURVE key, got mechanism \(mechanism)")
        }
        guard let entry = keyring.entry(for: key) else {
            return .refuse(reason: "key \(key.fingerprint) is not in the keyring")
        }
        guard let roles = domains.withLock({ $0[domain] }) else {
            return .refuse(reason: "the listener that \(entry.name) asks for is closed")
        }
        guard roles.contains(entry.role) else {
            let admitted = roles.map(\.rawValue).sorted().joined(separator: ", ")
            return .refuse(
                reason: "\(entry.name) (key \(key.fingerprint)) is \(entry.role.rawValue), expected \(admitted)")
        }
        return .admit(name: entry.name)
    }

    /// What the keyring says of a peer that was admitted under `name`.
    func role(of name: String) -> Role? {
        keyring.entry(named: name)?.role
    }
}
