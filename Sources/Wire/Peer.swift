/// Who is at the other end of a listener's connection. `name` and `role` come from the keyring entry of the key the
/// peer proved to own, never from what it says of itself.
package struct Peer: Codable, Sendable, Hashable {
    package let name: String
    package let role: Role
    /// Names the connection: a peer that connects anew has another one.
    package let connection: UInt64

    package init(name: String, role: Role, connection: UInt64) {
        self.name = name
        self.role = role
        self.connection = connection
    }
}
