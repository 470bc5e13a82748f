import CProcess
import Foundation
import Glibc
import Synchronization
package import Wire

/// A process that is followed to its end by the one that started it: what it writes, its channel, how it ended.
///
/// Made and followed on one thread, whose end, and so this process's, is the end of the process.
package final class FollowedProcess: Sendable {
    /// How a process ended.
    package enum Status: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// The descriptor of the channel in the started process.
    package static let channelDescriptor = MARTLET_PROCESS_CHANNEL

    private let process: martlet_process
    /// False once its ID may belong to another process and the descriptors to other files.
    private let isOpen = Mutex(true)

    /// Throws what the system says.
    package init(
        _ executable: String, arguments: [String], environment: [String: String], directory: String
    ) throws(Failure) {
        let argv = ([executable] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process = martlet_process()
        let error = martlet_process_start(executable, argv, envp, directory, &process)
        guard error == 0 else {
            throw Failure(
                .failedPrecondition,
                "\(executable) cannot be started in \(directory): \(String(cString: strerror(error)))")
        }
        self.process = process
    }

    /// Hands on everything that the process writes until it ends, and gives how it ended. What it left running ends
    /// with it. Blocks.
    package func follow(
        output: ([UInt8]) -> Void, errors: ([UInt8]) -> Void, channel: ([UInt8]) -> Void
    ) -> Status {
        var entries = [process.output, process.errors, process.channel, process.end].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while true {
            guard poll(&entries, nfds_t(entries.count), -1) >= 0 || errno == EINTR else { break }
            // A stream that has ended stays ready: it is not asked again.
            if entries[0].revents != 0, !drain(process.output, output) { entries[0].fd = -1 }
            if entries[1].revents != 0, !drain(process.errors, errors) { entries[1].fd = -1 }
            if entries[2].revents != 0, !drain(process.channel, channel) { entries[2].fd = -1 }
            if entries[3].revents != 0 { break }
        }
        // What it wrote last may be there only now.
        _ = drain(process.output, output)
        _ = drain(process.errors, errors)
        _ = drain(process.channel, channel)
        return end()
    }

    /// Sends a signal to the process and all it has started, unless it has ended.
    package func signal(_ number: Int32) {
        isOpen.withLock { isOpen in
            if isOpen { kill(-process.id, number) }
        }
    }

    /// Writes to the channel without blocking; false if the process does not read it, or has ended.
    package func send(_ bytes: [UInt8]) -> Bool {
        isOpen.withLock { isOpen in
            isOpen
                && Glibc.send(process.channel, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        }
    }

    /// Reads what is there; false at the end of the stream.
    private func drain(_ descriptor: Int32, _ take: ([UInt8]) -> Void) -> Bool {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, filled in
                count = read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(0, count)
            }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            if count == 0 { return false }
            take(bytes)
        }
    }

    private func end() -> Status {
        isOpen.withLock { isOpen in
            let status = withUnsafePointer(to: process) { martlet_process_finish($0) }
            isOpen = false
            let signal = status & 0x7f
            return signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
        }
    }
}
