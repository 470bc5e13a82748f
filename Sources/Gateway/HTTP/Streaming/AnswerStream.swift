import NIOCore

/// Where the parts of an answer come from that is sent while it is made.
///
/// A connection asks for one part at a time, and only while its client takes what it was sent: what nobody has asked for
/// needs not be there. So a source that is itself a client of something passes the demand on, and holds a part at most.
protocol AnswerStream: AnyObject, Sendable {
    /// How long parts may take.
    var patience: StreamPatience { get }

    /// The next part, nil at the end. Is called on the connection's event loop, again when the part before was written, and
    /// not after it gave nil or threw. What it throws before the first part is answered like any other error; later it breaks
    /// the answer off. An empty part is passed over.
    func next() async throws -> ByteBuffer?

    /// Nobody wants the rest: the client left, a part came too late, or the gateway shuts down. Is called at most once, on
    /// the event loop, also while `next` waits, whose task is cancelled too and which then has to return soon.
    func cancel()

    /// A last part that tells the client, in the form of those before it, why the answer breaks off; nil where the form has
    /// no place for that.
    func failurePart(_ refusal: Refusal) -> ByteBuffer?
}

/// How long a client is made to wait for parts of an answer.
struct StreamPatience: Sendable {
    /// For the first one. Until it is there the answer can still be an error, with its status.
    var first: Duration
    /// For each further one, from when it was asked for.
    var next: Duration
}
