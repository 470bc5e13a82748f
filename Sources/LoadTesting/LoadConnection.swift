import Glibc

/// One connection of the load generator. Closes its descriptor when it is let go.
final class LoadConnection {
    let descriptor: Int32
    private(set) var sentAt = 0.0
    private var received: [UInt8] = []
    /// Head and body of the answer under way, once its head is there.
    private var answer: AnswerHead?
    private var answered = 0

    private static let chunk = 64 << 10

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func send(_ request: [UInt8], at time: Double) throws {
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
    func receive() throws -> Int? {
        let count = withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 16) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { received.append(contentsOf: buffer[..<count]) }
            return count
        }
        guard count > 0 else { throw LoadGenerator.Problem.connectionClosed(after: answered) }
        if answer == nil { answer = try received.withUnsafeBytes { try AnswerHead($0) } }
        guard let answer, received.count >= answer.totalCount else { return nil }
        received.removeAll(keepingCapacity: true)
        self.answer = nil
        answered += 1
        return answer.status
    }
}
