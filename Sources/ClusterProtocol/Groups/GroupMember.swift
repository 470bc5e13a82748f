/// One rank of a group: the name of its process in the keyring, and where it listens.
package struct GroupMember: Sendable, Equatable {
    package var name: String
    package var endpoint: String

    package init(name: String, endpoint: String) {
        self.name = name
        self.endpoint = endpoint
    }
}
