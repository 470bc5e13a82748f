import ClusterProtocol

extension Order {
    /// The kind of its document.
    package var kind: String {
        switch self {
        case .assign: DocumentKind.assign
        case .stop: DocumentKind.stop
        case .launch: DocumentKind.launch
        case .roster: DocumentKind.roster
        case .load: DocumentKind.load
        case .unload: DocumentKind.unload
        }
    }
}
