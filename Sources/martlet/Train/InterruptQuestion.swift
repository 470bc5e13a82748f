import Foundation
import Glibc
import Threads

/// What Ctrl-C asks while a job is followed.
enum InterruptQuestion {
    enum Answer: String, Equatable {
        case cancel, leave
        case goOn = "go on"
    }

    /// Where nobody can be asked, the job is left running: it belongs to the cluster, not to this command.
    static func ask(about job: String) async throws -> Answer {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return .leave }
        try StandardStream.output.write("job \(job): [c]ancel it, [l]eave it running, [g]o on watching? ")
        let answer = try await NamedThread.run("question") { try readAnswer() }
        try StandardStream.output.write("\(answer.rawValue)\n")
        return answer
    }

    /// One key decides. Ctrl-C again, Ctrl-D or the end of input leave the job running.
    static func answer(to key: UInt8) -> Answer? {
        switch key {
        case UInt8(ascii: "c"), UInt8(ascii: "C"): .cancel
        case UInt8(ascii: "l"), UInt8(ascii: "L"), 3, 4: .leave
        case UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): .goOn
        default: nil
        }
    }

    /// Reads single keys, Ctrl-C among them, until one is an answer.
    private static func readAnswer() throws -> Answer {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return .leave }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        var key: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &key, 1)
            if count == 1, let answer = answer(to: key) { return answer }
            if count == 0 || (count < 0 && errno != EINTR) { return .leave }
        }
    }
}
