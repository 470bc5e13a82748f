extension Ledger.Limits {
    /// What is configured, with no more connections than the descriptors of the process allow. One address has its part of
    /// them, at least one.
    init(_ configured: GatewayConfiguration.Limits, descriptors: Int) {
        let connections = DescriptorBudget.connections(
            configured.connections, reserve: configured.reservedConnections, descriptors: descriptors)
        self.init(
            connections: connections,
            connectionsPerAddress: max(
                1, configured.connectionsPerAddress * connections / max(1, configured.connections)),
            reserve: configured.reservedConnections, requests: configured.requestsInFlight,
            bytes: configured.bytesInFlight, bytesPerAddress: configured.bytesPerAddress)
    }
}
