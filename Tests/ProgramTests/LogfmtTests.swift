import Logging
import Testing

@testable import martlet

@Suite struct LogfmtTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> String {
        Logfmt.line(time: "T", level: .info, node: "worker-0", message: message, metadata: metadata)
    }

    @Test func writesPairsInOrder() {
        #expect(
            line("joined the cluster", ["b": "2", "a": "x y"])
                == #"ts=T level=info node=worker-0 msg="joined the cluster" a="x y" b=2"#)
        #expect(line("joined") == "ts=T level=info node=worker-0 msg=joined")
    }

    @Test func whateverAPeerSendsStaysOnItsLine() {
        let written = line("bad\nlevel=error", ["peer \n=": "\"\\\u{1B}[2J\u{7F}"])
        #expect(written == #"ts=T level=info node=worker-0 msg="bad\nlevel=error" peer___="\"\\\x1b[2J\x7f""#)
        #expect(!written.contains("\n"))
    }

    @Test func findsTheLinesOfAJob() {
        #expect(Logfmt.line(line("m", ["job": "digits-1"]), has: "job", of: "digits-1"))
        #expect(Logfmt.line(line("m", ["job": "digits-1", "rank": "0"]), has: "job", of: "digits-1"))
        #expect(!Logfmt.line(line("m", ["job": "digits-12"]), has: "job", of: "digits-1"))
        #expect(!Logfmt.line(line(" job=digits-1 x"), has: "job", of: "digits-1"))
    }
}
