/// The bounds of promotions and of what nodes are asked.
package struct DeploymentPolicy: Codable, Sendable, Equatable {
    /// How long the nodes may take to load and check a version.
    package var promotionTimeout: Duration
    /// How long gateways may take to say that they route by a new table.
    package var gatewayTimeout: Duration
    /// How long a coordinator that has just started takes the nodes of the last routing table for alive.
    package var restartGrace: Duration
    /// After this long without effect a node is asked again.
    package var repeatAfter: Duration
    /// After this long a node that could not load a version tries again.
    package var retryFailedAfter: Duration
    /// Loads that one node is asked for and of which it has not said anything yet: well below what it lets wait, see
    /// `OrderQueue`.
    package var waitingLoads: Int
    /// Bytes that a promotion may make the routing table; what a document may have beyond is for nodes that join.
    package var tableBytes: Int

    package init(
        promotionTimeout: Duration = .seconds(60), gatewayTimeout: Duration = .seconds(5),
        restartGrace: Duration = .seconds(5), repeatAfter: Duration = .seconds(5),
        retryFailedAfter: Duration = .seconds(30), waitingLoads: Int = 8, tableBytes: Int = 28 << 20
    ) {
        self.promotionTimeout = promotionTimeout
        self.gatewayTimeout = gatewayTimeout
        self.restartGrace = restartGrace
        self.repeatAfter = repeatAfter
        self.retryFailedAfter = retryFailedAfter
        self.waitingLoads = waitingLoads
        self.tableBytes = tableBytes
    }
}
