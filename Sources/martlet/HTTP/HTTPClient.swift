import Explanations
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP/1.1 request, one connection, one answer: all that a command line needs of the gateway.
enum HTTPClient {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    struct Request: Sendable {
        var method: Method
        var url: String
        var headers: [(String, String)] = []
        var body: [UInt8] = []
    }

    struct Response: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    /// Throws `HTTPFailure` when there is no answer within `timeout`, or a body longer than `limit`.
    static func send(_ request: Request, timeout: Duration, limit: Int = 64 << 20) async throws -> Response {
        let target = try Target(request.url)
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answer = loop.makePromise(of: Response.self)
        let silence = HTTPFailure(.silent, "\(request.url) did not answer within \(timeout)")
        let timer = loop.scheduleTask(deadline: deadline) { answer.fail(silence) }
        defer { timer.cancel() }
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop).connectTimeout(TimeAmount(timeout))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(
                            HTTPExchange(request, to: target, limit: limit, answer: answer))
                    }
                }
                .connect(host: target.host, port: target.port).get()
        } catch {
            answer.fail(error)
            // Once the time is over, all that is known is that nothing came in it.
            guard NIODeadline.now() < deadline else { throw silence }
            throw HTTPFailure(.unreachable, "\(target.address) cannot be reached: \(error.explanation)")
        }
        defer { channel.close(promise: nil) }
        return try await withTaskCancellationHandler {
            try await answer.futureResult.get()
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    /// Host, port and path of a URL.
    struct Target: Equatable {
        /// A name or an address; one of IPv6 without brackets.
        var host: String
        var port: Int
        var path: String

        init(_ text: String) throws {
            guard let parts = URLComponents(string: text), parts.scheme == "http", let host = parts.host,
                !host.isEmpty, host != "[]"
            else { throw CommandFailure("'\(text)' is not a URL of the form http://host:port/path") }
            self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
            port = parts.port ?? 80
            let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
            path = (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath) + query
        }

        /// As it stands in a URL and in the field `Host`.
        var address: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
    }
}
