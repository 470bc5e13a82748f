package struct GatewayReport: Codable, Sendable, Equatable {
    package var routingEpoch: UInt64
    /// The state that numbered the table; nil before the first one.
    package var routingSource: StateIdentity?
    /// Over the last ten seconds, by model name.
    package var traffic: [String: Traffic]

    package struct Traffic: Codable, Sendable, Equatable {
        package var requestsPerSecond: Double
        package var p50Milliseconds: Double
        package var p99Milliseconds: Double
        package var errorsPerSecond: Double

        package init(
            requestsPerSecond: Double, p50Milliseconds: Double, p99Milliseconds: Double, errorsPerSecond: Double
        ) {
            self.requestsPerSecond = requestsPerSecond
            self.p50Milliseconds = p50Milliseconds
            self.p99Milliseconds = p99Milliseconds
            self.errorsPerSecond = errorsPerSecond
        }
    }

    package init(routingEpoch: UInt64, routingSource: StateIdentity? = nil, traffic: [String: Traffic]) {
        self.routingEpoch = routingEpoch
        self.routingSource = routingSource
        self.traffic = traffic
    }

    package var position: RoutingPosition { RoutingPosition(source: routingSource, epoch: routingEpoch) }
}
