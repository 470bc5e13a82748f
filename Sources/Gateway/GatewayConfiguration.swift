import Cluster
package import Foundation

/// How a gateway listens and what it takes.
package struct GatewayConfiguration: Sendable {
    /// Bounds on everything a client can make the gateway hold. What is over a limit is refused at once, by name.
    package struct Limits: Sendable {
        /// Bytes of one request's body; more is 413.
        package var bodyBytes: Int
        /// Inference requests answered at once, and the bytes of their bodies together; more is 429.
        package var requestsInFlight: Int
        package var bytesInFlight: Int
        /// Open connections; more wait in the system's queue until one is closed.
        package var connections: Int
        /// How long a request may take, whatever it asks for; then 504. Its body may take as long to come; then 408.
        package var requestTimeout: Duration
        /// How long a request's head may take to come, from its first byte; then the connection is closed.
        package var headTimeout: Duration
        /// How long a request under way may go on after a shutdown has begun; then 503.
        package var drainTimeout: Duration
        /// How long a connection may say nothing.
        package var idleTimeout: Duration
        /// Bytes of a request's header fields together.
        package var headerBytes: Int

        package init(
            bodyBytes: Int = ClusterFile.Gateway().maxBodyBytes, requestsInFlight: Int = 1024,
            bytesInFlight: Int = 256 << 20,
            connections: Int = 1000, requestTimeout: Duration = .seconds(30),
            headTimeout: Duration = .seconds(10), idleTimeout: Duration = .seconds(75),
            drainTimeout: Duration = ShutdownTiming.drain, headerBytes: Int = 16 << 10
        ) {
            self.bodyBytes = bodyBytes
            self.requestsInFlight = requestsInFlight
            self.bytesInFlight = bytesInFlight
            self.connections = connections
            self.requestTimeout = requestTimeout
            self.headTimeout = headTimeout
            self.idleTimeout = idleTimeout
            self.drainTimeout = drainTimeout
            self.headerBytes = headerBytes
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
