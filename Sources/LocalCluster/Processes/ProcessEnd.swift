import Explanations
import Foundation
import Glibc

/// Why a process ended, as far as can be known of it.
enum ProcessEnd {
    /// - Parameters:
    ///   - status: what waitpid(2) gave; nil for the child of another process.
    ///   - log: what it wrote in its life.
    static func reason(status: Int32?, log: String) -> String {
        if status ?? 0 == 0, isOrderly(log) { return "it ended as it was asked to, by SIGTERM or SIGINT" }
        let words = lastWords(in: log).map { ": \($0)" } ?? ""
        guard let status else {
            return words.isEmpty ? "it ended without a word: killed, most likely" : "it ended\(words)"
        }
        let signal = status & 0x7f
        return signal == 0
            ? "it ended with status \(status >> 8 & 0xff)\(words)" : "it was ended by \(SignalName.of(signal))\(words)"
    }

    /// The status of a child that has ended, which is then forgotten; nil for any other process.
    static func takeStatus(of processID: Int32) -> Int32? {
        var status: Int32 = 0
        return waitpid(processID, &status, WNOHANG) == processID ? status : nil
    }

    /// Whether the last line is what a process logs that has done all there was to do.
    private static func isOrderly(_ log: String) -> Bool {
        log.split(separator: "\n").last?.hasSuffix(" msg=ended") == true
    }

    /// The error that ended it, from its last critical event or the runtime's own message.
    private static func lastWords(in log: String) -> String? {
        let line = log.split(separator: "\n").last { $0.contains(" level=critical ") || $0.contains("Fatal error: ") }
        guard let line else { return nil }
        let mark = line.contains(" level=critical ") ? "error=" : "Fatal error: "
        guard let start = line.range(of: mark) else { return nil }
        return line[start.upperBound...].trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
    }
}
