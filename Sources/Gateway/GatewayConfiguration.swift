import Cluster
package import Foundation

/// How a gateway listens and what it takes.
package struct GatewayConfiguration: Sendable {
    /// Bounds on everything a client can make the gateway hold. What is over a limit is refused at once, by name.
    package struct Limits: Sendable {
        /// Bytes of one request's body, as it is sent and when it is decompressed; more is 413.
        package var bodyBytes: Int
        /// Inference requests answered at once; more is 429.
        package var requestsInFlight: Int
        /// Bytes held for clients together, and for those of one address: bodies as they come, the tensors made of them,
        /// and answers until they have left. More is 429. Where nothing else is said there is room for the largest body
        /// with all that comes of it.
        package var bytesInFlight: Int
        package var bytesPerAddress: Int
        /// Open connections, and those of one address. Idle ones make room for more; where none is idle, more is 503, or
        /// 429 for one address.
        package var connections: Int
        package var connectionsPerAddress: Int
        /// Connections beyond those, which are for health and metrics.
        package var reservedConnections: Int
        /// How long a request may take, whatever it asks for; then 504. Its body may take as long to come; then 408.
        package var requestTimeout: Duration
        /// How long a request's head may take to come, from its first byte; then the connection is closed.
        package var headTimeout: Duration
        /// How long an answer may take to leave; then the connection is closed.
        package var answerTimeout: Duration
        /// How long a client may take to close its end after the last answer.
        package var lingerTimeout: Duration
        /// How long a request under way may go on after a shutdown has begun; then 503.
        package var drainTimeout: Duration
        /// How long a connection without a request is kept at a shutdown, for what has come and was not read, and how long
        /// one after its last answer, for the client to take it.
        package var farewellTimeout: Duration
        /// How long a connection may ask nothing, and how long one of the reserve.
        package var idleTimeout: Duration
        package var reserveTimeout: Duration
        /// Bytes of a request's header fields together.
        package var headerBytes: Int
        /// Bytes read and thrown away after a request was refused, so that its client gets to see the answer.
        package var discardedBytes: Int
        /// Bytes of further requests that wait behind one that is being answered.
        package var pipelinedBytes: Int
        /// Bytes of an answer that the system holds beyond what its client has room for; the rest stays on the account.
        package var unsentBytes: Int
        package var bulk: BulkLimits

        package init(
            bodyBytes: Int = NodeConfiguration.Gateway.standardBodyBytes, requestsInFlight: Int = 1024,
            bytesInFlight: Int? = nil, bytesPerAddress: Int? = nil,
            connections: Int = 1000, connectionsPerAddress: Int = 750, reservedConnections: Int = 32,
            requestTimeout: Duration = .seconds(30), headTimeout: Duration = .seconds(10),
            answerTimeout: Duration = .seconds(60), lingerTimeout: Duration = .seconds(2),
            idleTimeout: Duration = .seconds(75), reserveTimeout: Duration = .seconds(2),
            drainTimeout: Duration = ShutdownTiming.drain, farewellTimeout: Duration = .milliseconds(100),
            headerBytes: Int = 16 << 10,
            discardedBytes: Int? = nil, pipelinedBytes: Int = 256 << 10, unsentBytes: Int = 64 << 10,
            bulk: BulkLimits = BulkLimits()
        ) {
            self.bodyBytes = bodyBytes
            self.requestsInFlight = requestsInFlight
            self.bytesInFlight = bytesInFlight ?? max(256 << 20, 8 * bodyBytes)
            self.bytesPerAddress = bytesPerAddress ?? self.bytesInFlight / 4 * 3
            self.connections = connections
            self.connectionsPerAddress = connectionsPerAddress
            self.reservedConnections = reservedConnections
            self.requestTimeout = requestTimeout
            self.headTimeout = headTimeout
            self.answerTimeout = answerTimeout
            self.lingerTimeout = lingerTimeout
            self.idleTimeout = idleTimeout
            self.reserveTimeout = reserveTimeout
            self.drainTimeout = drainTimeout
            self.farewellTimeout = farewellTimeout
            self.headerBytes = headerBytes
            self.discardedBytes = discardedBytes ?? max(128 << 20, 4 * bodyBytes)
            self.pipelinedBytes = pipelinedBytes
            self.unsentBytes = unsentBytes
            self.bulk = bulk
        }
    }

    package var host: String
    /// 0 picks a free one.
    package var port: Int
    /// Where the last routing table is kept; nil: nowhere.
    package var folder: URL?
    package var limits: Limits

    package init(host: String = "127.0.0.1", port: Int, folder: URL? = nil, limits: Limits = Limits()) {
        self.host = host
        self.port = port
        self.folder = folder
        self.limits = limits
    }
}
