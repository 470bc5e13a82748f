import NIOHTTP1
import Synchronization

/// Gives every request the id under which it appears in logs and in its answer, and its place in a trace.
final class RequestIdentity: Middleware {
    static let maximumLength = 128

    /// Tells this run of this gateway from others.
    private let prefix = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) + "-"
    private let count = Atomic<UInt64>(0)

    func receive(_ request: inout GatewayRequest) throws(Refusal) {
        request.id = identity(request.head.headers.first(name: HeaderName.requestID))
        request.trace = TraceParent(fields: request.head.headers[HeaderName.traceparent])
    }

    func send(_ answer: inout Answer, for request: GatewayRequest) {
        // What could not be read has none yet.
        answer.headers.add(name: HeaderName.requestID, value: request.id.isEmpty ? identity(nil) : request.id)
    }

    /// The caller's own id where it can stand in a header and a log line, a new one elsewhere.
    private func identity(_ header: String?) -> String {
        guard let header, !header.isEmpty, header.utf8.count <= Self.maximumLength,
            header.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return prefix + String(count.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16) }
        return header
    }
}
