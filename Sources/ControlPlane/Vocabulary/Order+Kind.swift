package import ClusterProtocol

extension Order {
    package var kind: MessageKind {
        switch self {
        case .assign: .assign
        case .stop: .stop
        case .launch: .launch
        case .roster: .roster
        case .load: .load
        case .unload: .unload
        }
    }
}
