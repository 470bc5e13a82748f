import NIOHTTP1

/// Refuses at a shutdown what would not be over in time.
struct ShutdownCheck: Middleware {
    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        guard request.isInShutdown, !request.route.terms.beginsInShutdown else { return }
        throw Refusal(
            .serviceUnavailable, "the gateway shuts down; try again", retryAfter: 1, closesConnection: true)
    }
}
