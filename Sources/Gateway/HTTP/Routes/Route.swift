import NIOHTTP1

/// One thing that can be asked over HTTP: by which method and path, and what answers it.
///
/// An object, so that a request that has found its route carries one reference.
final class Route: Sendable {
    typealias Handler = @Sendable (GatewayRequest) async throws -> Answer

    enum Action: Sendable {
        /// Runs on the connection's event loop, and must not block it.
        case answer(Handler)
        /// There is nothing here, for a reason that depends on the request's head at most.
        case refuse(@Sendable (HTTPRequestHead) -> Refusal)
    }

    /// What the gateway grants to requests of a route.
    struct Terms: Sendable {
        /// Bytes that a body may have, if that is fewer than the gateway takes.
        var bodyBytes = Int.max
        /// Tells how the gateway fares, and is answered however full it is: such requests are not counted among those that
        /// are answered at once.
        var isOperational = false
        /// A request that comes when a shutdown has begun is answered as long as there is time. Without this it is refused:
        /// for what usually takes longer than that.
        var beginsInShutdown = true

        static let usual = Terms()
        static let operational = Terms(isOperational: true)
    }

    /// In metrics, where it stands for all paths of the pattern: what a caller writes is no label.
    let name: String
    /// Nil: whatever the method is.
    let method: HTTPMethod?
    let pattern: String
    let terms: Terms
    let action: Action

    init(_ name: String, _ method: HTTPMethod?, _ pattern: String, _ terms: Terms = .usual, action: Action) {
        self.name = name
        self.method = method
        self.pattern = pattern
        self.terms = terms
        self.action = action
    }

    /// Answers HEAD too, without the body.
    static func get(
        _ pattern: String, _ name: String, _ terms: Terms = .usual, _ handler: @escaping Handler
    ) -> Route {
        Route(name, .GET, pattern, terms, action: .answer(handler))
    }

    static func post(
        _ pattern: String, _ name: String, _ terms: Terms = .usual, _ handler: @escaping Handler
    ) -> Route {
        Route(name, .POST, pattern, terms, action: .answer(handler))
    }

    /// What clients of the protocol know and Martlet does not have, in words.
    static func notOffered(_ pattern: String, _ what: String) -> Route {
        Route(
            "not-offered", nil, pattern,
            action: .refuse { _ in Refusal(.notImplemented, "not offered here: \(what)") })
    }

    /// Throws where there is nothing here.
    func check(_ head: HTTPRequestHead) throws(Refusal) {
        if case .refuse(let refusal) = action { throw refusal(head) }
    }
}
