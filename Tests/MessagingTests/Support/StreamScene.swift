import Messaging
import Wire

/// A worker that asks a coordinator for streams.
struct StreamScene {
    static let question = Envelope.Body.inferRequest(InferRequest(model: "words", version: "1", inputs: []))

    let server: any CountingMessenger
    let client: any CountingMessenger
    let listener: any Listener
    let link: any Link
    let asked = Asked()

    init(
        _ kit: any MessengerKit, serverLimits: MessagingLimits = MessagingLimits(),
        clientLimits: MessagingLimits = MessagingLimits()
    ) throws {
        server = try kit.messenger("coordinator", limits: serverLimits)
        client = try kit.messenger("worker-0", limits: clientLimits)
        let asked = asked
        listener = try server.bind("tcp://127.0.0.1:0", admitting: [.worker]) { asked.put($0, $1, $2) }
        link = try client.connect(to: listener.endpoint, remote: "coordinator") { _ in }
    }

    /// Returns when the link is up.
    func connect() async throws {
        try link.send(Message(.acknowledgement))
        _ = try await asked.next()
    }

    func open(
        parts: Int = 8, bytes: Int = 1 << 20, first: Duration = .seconds(3600), between: Duration = .seconds(3600)
    ) throws -> MessageStream {
        try link.stream(
            Message(Self.question), credit: StreamCredit(parts: parts, bytes: bytes), firstPartTimeout: first,
            betweenParts: between)
    }

    func close() async {
        await client.shutdown()
        await server.shutdown()
    }
}

extension StreamWriter {
    /// The n-th part, which says so.
    func send(_ number: Int) async throws {
        try await send(.document(Document(kind: "\(number)", json: [])))
    }

    func trySend(_ number: Int) throws -> Bool {
        try trySend(.document(Document(kind: "\(number)", json: [])))
    }
}

extension Message {
    /// What `StreamWriter.send(_: Int)` was given.
    var number: Int? {
        guard case .document(let document) = envelope.body else { return nil }
        return Int(document.kind)
    }
}

extension MessageStream {
    /// Everything to the end.
    func numbers() async throws -> [Int] {
        var numbers: [Int] = []
        while let part = try await next() { numbers.append(part.number ?? -1) }
        return numbers
    }
}
