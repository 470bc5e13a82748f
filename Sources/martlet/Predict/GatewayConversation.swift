import Foundation

/// The requests of one prediction, one after the other. Each is asked again for a while when its connection fails: to ask
/// a model twice changes nothing, and a gateway that died is started again within seconds.
struct GatewayConversation {
    let source: GatewaySource
    let headers: [(String, String)]
    /// How long a gateway that answered before, or that is being started, is waited for.
    var patience: Duration = .seconds(15)
    /// What one request may take.
    var timeout: Duration = .seconds(60)

    private static let pause = Duration.milliseconds(200)
    /// How often a request that goes on is held against what is known of the gateway's process.
    private static let look = Duration.milliseconds(500)

    /// Whether it has answered anything yet: an address where nobody ever did is not worth a wait.
    private var hasAnswered = false

    init(_ source: GatewaySource, headers: [(String, String)] = []) {
        self.source = source
        self.headers = headers
    }

    /// - Parameter path: behind the gateway's address, which is asked for anew each time.
    mutating func send(
        _ method: HTTPClient.Method, _ path: String, headers more: [(String, String)] = [], body: [UInt8] = []
    ) async throws -> HTTPClient.Response {
        let end = ContinuousClock.now + patience
        while true {
            if let obstacle = source.obstacle { throw obstacle }
            var failure: any Error = source.silence
            if let address = source.address {
                do {
                    let response = try await exchange(
                        .init(method: method, url: address + path, headers: headers + more, body: body))
                    hasAnswered = true
                    return response
                } catch let error as HTTPFailure where error.isOfConnection {
                    failure = error
                }
            }
            guard hasAnswered || source.isComing, .now < end else { throw source.obstacle ?? failure }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Ends early when the gateway's process is stopped meanwhile: it will not answer, and takes every connection.
    private func exchange(_ request: HTTPClient.Request) async throws -> HTTPClient.Response {
        try await withThrowingTaskGroup(of: HTTPClient.Response?.self) { group in
            defer { group.cancelAll() }
            group.addTask { [timeout] in try await HTTPClient.send(request, timeout: timeout) }
            group.addTask { [source] in
                while !Task.isCancelled {
                    guard (try? await Task.sleep(for: Self.look)) != nil else { return nil }
                    if let obstacle = source.obstacle { throw obstacle }
                }
                return nil
            }
            while let finished = try await group.next() {
                if let finished { return finished }
            }
            throw CancellationError()
        }
    }
}
