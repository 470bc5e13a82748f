import ClusterProtocol

extension ClusterFile {
    /// The file with addresses in place of names: what listens takes no other, and what is written down for others must
    /// mean the same to them. Asks the system, and blocks.
    func resolvingHosts() throws(LaunchError) -> ClusterFile {
        func resolved(_ host: String) throws(LaunchError) -> String {
            guard let address = HostAddress(host) else { throw .unknownHost(host) }
            return try address.resolved().text
        }
        var file = self
        file.coordinator.host = try resolved(coordinator.host)
        file.gateway.host = try resolved(gateway.host)
        // Addresses are checked where the file is read. /etc/hosts often leads a machine's own name to itself alone.
        if !remote.isEmpty, file.coordinator.host != coordinator.host, let address = HostAddress(file.coordinator.host),
            address.isLoopback || address.isUnspecified
        {
            throw .unreachableHost(coordinator.host, address: address.text)
        }
        for index in remote.indices { file.remote[index].host = try resolved(remote[index].host) }
        return file
    }

    /// Such as `[::1]`.
    static func beforePort(_ host: String) -> String { HostAddress(host)?.beforePort ?? host }
}
