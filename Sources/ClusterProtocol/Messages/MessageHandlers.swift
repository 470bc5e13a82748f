package import Wire

/// What a node does with the messages that come to it: one handler for each type, which gets the message read and
/// checked. What the table has no handler for is refused.
///
/// Handlers run where messages arrive, so they only hand over; the message is acknowledged when they return and refused
/// with what they throw.
package struct MessageHandlers<Context>: Sendable {
    /// In the order in which they were added: one that is added twice is here twice.
    package private(set) var types: [any ClusterMessage.Type] = []
    private var handlers: [MessageKind: @Sendable (Context, Document) throws -> Void] = [:]
    private let taker: String

    /// - Parameters:
    ///   - taker: as refusals call it, such as "a gateway".
    ///   - add: adds the handlers.
    package init(of taker: String, _ add: (inout Self) -> Void) {
        self.taker = taker
        add(&self)
    }

    package mutating func on<M: ClusterMessage>(
        _: M.Type, _ handle: @escaping @Sendable (Context, M) throws -> Void
    ) where M.Answer == Acknowledged {
        types.append(M.self)
        handlers[M.kind] = { context, document in try handle(context, document.decode()) }
    }

    /// Throws `Failure` for a document that no handler takes or that cannot be used, and what the handler throws.
    package func take(_ document: Document, in context: Context) throws {
        guard let handler = MessageKind(rawValue: document.kind).flatMap({ handlers[$0] }) else {
            throw Failure(.invalidArgument, "\(taker) takes \(kinds), got '\(document.kind)'")
        }
        try handler(context, document)
    }

    /// 'a', 'b' and 'c'.
    private var kinds: String {
        let quoted = types.map { "'\($0.kind.rawValue)'" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
        return "\(quoted.dropLast().joined(separator: ", ")) and \(last)"
    }
}
