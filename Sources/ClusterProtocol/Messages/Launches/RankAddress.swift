package import Messaging

/// How one rank is reached and recognised. A rank writes it to its channel, the worker tells the coordinator.
package struct RankAddress: Codable, Sendable, Equatable {
    package var publicKey: PublicKey
    package var endpoint: String

    package init(publicKey: PublicKey, endpoint: String) {
        self.publicKey = publicKey
        self.endpoint = endpoint
    }
}
