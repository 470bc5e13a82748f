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

    /// Throws `CommandFailure` when there is no answer within `timeout`, or a body longer than `limit`.
    static func send(_ request: Request, timeout: Duration, limit: Int = 64 << 20) async throws -> Response {
        let target = try Target(request.url)
        return try await withThrowingTaskGroup(of: Response.self) { group in
            group.addTask { try await exchange(request, target, limit: limit) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw CommandFailure("\(request.url) did not answer within \(timeout)")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    /// Host, port and path of a URL.
    struct Target: Equatable {
        var host: String
        var port: Int
        var path: String

        init(_ text: String) throws {
            guard let parts = URLComponents(string: text), parts.scheme == "http", let host = parts.host, !host.isEmpty
            else { throw CommandFailure("'\(text)' is not a URL of the form http://host:port/path") }
            self.host = host
            port = parts.port ?? 80
            let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
            path = (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath) + query
        }
    }

    private static func exchange(_ request: Request, _ target: Target, limit: Int) async throws -> Response {
        let channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: target.host, port: target.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch let error where !(error is CancellationError) {
            throw CommandFailure("\(target.host):\(target.port) cannot be reached: \(error)")
        }
        return try await channel.executeThenClose { inbound, outbound in
            var headers = HTTPHeaders(request.headers)
            headers.add(name: "host", value: "\(target.host):\(target.port)")
            headers.add(name: "content-length", value: String(request.body.count))
            headers.add(name: "connection", value: "close")
            try await outbound.write(
                .head(
                    HTTPRequestHead(
                        version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: target.path,
                        headers: headers)))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: request.body))))
            try await outbound.write(.end(nil))
            return try await read(inbound, limit: limit)
        }
    }

    private static func read(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>, limit: Int
    ) async throws -> Response {
        var response: Response?
        for try await part in inbound {
            switch part {
            case .head(let head):
                response = Response(status: Int(head.status.code), headers: head.headers, body: [])
            case .body(let bytes):
                response?.body.append(contentsOf: bytes.readableBytesView)
                if let count = response?.body.count, count > limit {
                    throw CommandFailure("the answer is longer than \(limit) bytes")
                }
            case .end:
                if let response { return response }
            }
        }
        throw CommandFailure("the connection was closed before the answer was complete")
    }
}
