import ClusterProtocol
import Explanations
import Foundation
import Glibc

/// The stream between a rank and the worker that started it. One line each way.
struct LaunchChannel: Sendable {
    private let descriptor: Int32

    /// Far more than a roster of thousands of ranks.
    private static let longestLine = 4 << 20

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Says how this rank is reached, and waits for the roster of all. Blocks.
    func exchange(_ address: RankAddress) throws -> LaunchRoster {
        try write(Array(try JSONEncoder().encode(address)) + [UInt8(ascii: "\n")])
        let line = try readLine()
        do {
            return try JSONDecoder().decode(LaunchRoster.self, from: Data(line))
        } catch {
            throw TrainerError.launch("the roster that its worker sent cannot be read: \(error.explanation)")
        }
    }

    private func write(_ bytes: [UInt8]) throws(TrainerError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.unusable() }
            rest = rest.dropFirst(count)
        }
    }

    private func readLine() throws(TrainerError) -> ArraySlice<UInt8> {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            var count = 0
            // What is there, not a full buffer: nothing comes behind the line.
            let piece = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, filled in
                count = read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(0, count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.unusable() }
            guard count > 0, line.count + count <= Self.longestLine else {
                throw .launch("its worker closed the channel before all ranks were there")
            }
            line += piece
        }
        return line.dropLast()
    }

    private static func unusable() -> TrainerError {
        .launch("its channel to the worker cannot be used: \(String(cString: strerror(errno)))")
    }
}
