import Glibc

/// A closed-loop HTTP/1.1 load: each of some connections sends the same request again as soon as it has the answer.
///
/// One thread and `poll`, so that on a small machine the generator takes as little as it can from what it measures.
package struct LoadGenerator: Sendable {
    package struct Report: Codable, Sendable {
        package var requests: Int
        /// Answers with another status than 200.
        package var failures: Int
        package var seconds: Double
        package var requestsPerSecond: Double
        package var p50Milliseconds: Double
        package var p99Milliseconds: Double
        package var maximumMilliseconds: Double
    }

    package enum Problem: Error, CustomStringConvertible {
        case cannotConnect(host: String, port: UInt16, reason: String)
        case connectionClosed(after: Int)
        case malformedAnswer(String)

        package var description: String {
            switch self {
            case .cannotConnect(let host, let port, let reason): "cannot connect to \(host):\(port): \(reason)"
            case .connectionClosed(let requests): "the server closed a connection after \(requests) requests"
            case .malformedAnswer(let head): "expected an HTTP/1.1 answer with a Content-Length, got '\(head)'"
            }
        }
    }

    let host: String
    let port: UInt16
    /// The whole request, head and body.
    let request: [UInt8]
    let connections: Int

    /// - Parameter host: an IPv4 address.
    package init(host: String, port: UInt16, request: [UInt8], connections: Int) {
        self.host = host
        self.port = port
        self.request = request
        self.connections = connections
    }

    /// Blocks for that long; call it on a thread of its own.
    /// - Throws: `Problem` when the server cannot be reached or breaks a connection off.
    package func run(seconds: Double) throws -> Report {
        var clients = try (0..<connections).map { _ in try Client(descriptor: connect()) }
        defer { for client in clients { close(client.descriptor) } }
        var latencies: [Double] = []
        latencies.reserveCapacity(1 << 20)
        var failures = 0
        let start = Self.now()
        let end = start + seconds
        for index in clients.indices { try clients[index].send(request, at: Self.now()) }
        var polls = clients.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        while Self.now() < end {
            guard poll(&polls, nfds_t(polls.count), 100) > 0 else { continue }
            for index in polls.indices where polls[index].revents != 0 {
                guard let status = try clients[index].receive() else { continue }
                let now = Self.now()
                latencies.append(now - clients[index].sentAt)
                if status != 200 { failures += 1 }
                try clients[index].send(request, at: now)
            }
        }
        return Self.report(latencies: latencies, failures: failures, seconds: Self.now() - start)
    }

    private static func report(latencies: [Double], failures: Int, seconds: Double) -> Report {
        let sorted = latencies.sorted()
        func quantile(_ share: Double) -> Double {
            sorted.isEmpty ? 0 : 1000 * sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
        }
        return Report(
            requests: sorted.count, failures: failures, seconds: seconds,
            requestsPerSecond: Double(sorted.count) / seconds, p50Milliseconds: quantile(0.5),
            p99Milliseconds: quantile(0.99), maximumMilliseconds: quantile(1))
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private func connect() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard descriptor >= 0, inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw Problem.cannotConnect(host: host, port: port, reason: "expected an IPv4 address")
        }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Problem.cannotConnect(host: host, port: port, reason: reason)
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }
}

/// One connection of the load generator.
private struct Client {
    let descriptor: Int32
    private(set) var sentAt = 0.0
    private var received: [UInt8] = []
    private var answered = 0
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    mutating func send(_ request: [UInt8], at time: Double) throws {
        sentAt = time
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, request.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw LoadGenerator.Problem.connectionClosed(after: answered) }
            sent += count
        }
    }

    /// Reads what is there. Returns the status once the answer is whole.
    mutating func receive() throws -> Int? {
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { throw LoadGenerator.Problem.connectionClosed(after: answered) }
        received.append(contentsOf: chunk[..<count])
        guard let answer = try AnswerHead(received), received.count >= answer.totalCount else { return nil }
        received.removeAll(keepingCapacity: true)
        answered += 1
        return answer.status
    }
}

/// The parts of an answer's head that a load generator needs.
private struct AnswerHead {
    var status: Int
    /// Head and body.
    var totalCount: Int

    /// Nil while the head is not whole.
    init?(_ bytes: [UInt8]) throws {
        guard let end = Self.endOfHead(bytes) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let length = lines.lazy.compactMap { line -> Int? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
            return Int(parts[1].drop { $0 == " " })
        }.first
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }), let length else {
            throw LoadGenerator.Problem.malformedAnswer(String(head.prefix(80)))
        }
        self.status = status
        totalCount = end + length
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count
        where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10 && bytes[index - 3] == 13 {
            return index + 1
        }
        return nil
    }
}
