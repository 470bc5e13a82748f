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

    package enum Problem: Error, CustomStringConvertible, Equatable {
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

    /// `POST`s JSON to a path of that host.
    package init(host: String, port: UInt16, path: String, json: String, connections: Int) {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: \(host):\(port)\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(json.utf8.count)\r\n\r\n"
        self.init(host: host, port: port, request: Array((head + json).utf8), connections: connections)
    }

    /// Blocks for that long; call it on a thread of its own.
    /// - Throws: `Problem` when the server cannot be reached or breaks a connection off.
    package func run(seconds: Double) throws -> Report {
        let clients = try (0..<connections).map { _ in LoadConnection(descriptor: try connect()) }
        var latencies: [Double] = []
        latencies.reserveCapacity(1 << 20)
        var failures = 0
        let start = Self.now()
        let end = start + seconds
        for client in clients { try client.send(request, at: Self.now()) }
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
