package import ClusterProtocol

extension Order {
    /// What is sent.
    package var message: any ClusterMessage<Acknowledged> {
        switch self {
        case .assign(let assignment): assignment
        case .stop(let stop): stop
        case .launch(let assignment): assignment
        case .roster(let roster): roster
        case .load(let load): load
        case .unload(let unload): unload
        }
    }
}
