import Files
import Glibc

/// The two streams that a command writes to. Full or closed they end it with one line and not with a trap.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// One write a text, so that a pipe sees whole lines at once.
    func write(_ text: String) throws(CommandFailure) {
        var text = text
        let error = text.withUTF8 { UnsafeRawBufferPointer($0).writeAll(to: rawValue) }
        if error != 0 { throw failure(error) }
    }

    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        let error = bytes.withUnsafeBytes { $0.writeAll(to: rawValue) }
        if error != 0 { throw failure(error) }
    }

    private func failure(_ number: Int32) -> CommandFailure {
        if number == EPIPE { Self.endWithReader() }
        let name = self == .output ? "standard output" : "standard error"
        // Closed ones are held by `keepNumbers`, or by no one.
        let reason = number == EBADF ? "it is closed" : String(cString: strerror(number))
        return CommandFailure("\(name) cannot be written: \(reason)")
    }

    /// A reader that has left wants no more and no complaint: the process ends by the signal that is meant for this, also
    /// where whoever started it has the signal ignored.
    private static func endWithReader() {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
    }

    /// Keeps the numbers of streams that were closed before this process began from whatever it opens first: what is
    /// printed would go into a database or a socket. They can then be neither read nor written.
    static func keepNumbers() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            let held = open("/dev/null", (descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC)
            if held >= 0, held != descriptor { close(held) }
        }
    }
}
