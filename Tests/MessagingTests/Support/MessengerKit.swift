import Logging
import Wire

@testable import Messaging

/// Makes the messengers of one test, all of one kind.
protocol MessengerKit: Sendable {
    /// A messenger for a node of `TestCluster`.
    func messenger(_ name: String, limits: MessagingLimits) throws -> any CountingMessenger
    /// An address that nobody has bound yet.
    func freeEndpoint() async throws -> String
}

extension MessengerKit {
    func messenger(_ name: String) throws -> any CountingMessenger {
        try messenger(name, limits: MessagingLimits())
    }
}

extension Messenger {
    /// Binds an address that was another's, once it is free: a child that a parallel test starts has a copy of the socket
    /// until its own program begins. Ends with the time of the suite.
    func bindOnceFree(
        _ endpoint: String, admitting roles: Set<Role>, handler: @escaping @Sendable (Peer, Message) -> Void
    ) async throws -> any Listener {
        while true {
            let bound = Result { () throws(MessagingError) in
                try bind(endpoint, admitting: roles, handler: handler)
            }
            guard case .failure(.cannotBind) = bound else { return try bound.get() }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

protocol CountingMessenger: Messenger {
    var statistics: MessagingStatistics { get }
}

extension ZeroMQMessenger: CountingMessenger {}
extension InMemoryMessenger: CountingMessenger {}

/// The nodes that tests know, with keys of their own for each test.
struct TestCluster: Sendable {
    static let roles: [String: Role] = [
        "coordinator": .coordinator, "worker-0": .worker, "worker-1": .worker, "gateway-0": .gateway,
    ]

    let keys = roles.mapValues { _ in KeyPair.generate() }

    var keyring: Keyring {
        get throws {
            try Keyring(
                keys.map { name, keys in
                    Keyring.Entry(name: name, role: Self.roles[name]!, publicKey: keys.publicKey)
                })
        }
    }
}

struct ZeroMQKit: MessengerKit {
    let cluster = TestCluster()
    let log = LogCollector()

    func messenger(_ name: String, limits: MessagingLimits) throws -> any CountingMessenger {
        try ZeroMQMessenger(
            identity: name, keys: cluster.keys[name]!, keyring: cluster.keyring, logger: log.logger, limits: limits)
    }

    func freeEndpoint() async throws -> String {
        let messenger = try messenger("worker-1")
        let endpoint = try messenger.bind("tcp://127.0.0.1:0", admitting: []) { _, _ in }.endpoint
        await messenger.shutdown()
        return endpoint
    }
}

struct InMemoryKit: MessengerKit {
    let network = InMemoryNetwork()

    func messenger(_ name: String, limits: MessagingLimits) throws -> any CountingMessenger {
        InMemoryMessenger(network: network, identity: name, role: TestCluster.roles[name]!, limits: limits)
    }

    func freeEndpoint() async throws -> String { "tcp://127.0.0.1:1" }
}

/// One kit of each kind, made anew for each test.
enum Kit: String, CaseIterable, Sendable {
    case zeroMQ, inMemory

    func make() -> any MessengerKit {
        switch self {
        case .zeroMQ: ZeroMQKit()
        case .inMemory: InMemoryKit()
        }
    }
}
