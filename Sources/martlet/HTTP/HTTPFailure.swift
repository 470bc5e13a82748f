/// Why there was no answer to a request.
struct HTTPFailure: Error, CustomStringConvertible, Equatable {
    enum Kind: Sendable, Equatable {
        /// Nobody listens, or nobody can be reached.
        case unreachable
        /// The connection ended before the answer was complete.
        case cut
        case silent
        /// The answer is longer than is taken.
        case tooLong
    }

    var kind: Kind
    var description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Whether a server that is started again may well answer the same request.
    var isOfConnection: Bool { kind == .unreachable || kind == .cut }
}
