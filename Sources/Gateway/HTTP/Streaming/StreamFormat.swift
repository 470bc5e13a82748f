import NIOCore

/// How the parts of a streamed answer are told apart by its client.
enum StreamFormat: Sendable {
    /// Server-sent events, each the data of one JSON document.
    case events
    /// A JSON document a line.
    case jsonLines

    var contentType: String {
        switch self {
        case .events: "text/event-stream"
        case .jsonLines: "application/jsonl"
        }
    }

    func part(_ json: JSONText) -> ByteBuffer {
        var part = ByteBufferAllocator().buffer(capacity: json.buffer.readableBytes + 8)
        if self == .events { part.writeStaticString("data: ") }
        part.writeImmutableBuffer(json.buffer)
        part.writeStaticString(self == .events ? "\n\n" : "\n")
        return part
    }

    /// `{"error":"…"}` in place of a further document.
    func failurePart(_ refusal: Refusal) -> ByteBuffer { part(refusal.json) }
}
