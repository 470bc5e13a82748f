import Foundation
import Testing

@testable import martlet

@Suite struct TerminalTests {
    private func terminal(_ columns: Int = 80, _ environment: [String: String] = ["TERM": "xterm"]) -> Terminal {
        Terminal(columns: columns, rows: 24, environment: environment)
    }

    @Test func drawsAgainOnlyWhereThatIsUnderstoodAndHasRoom() {
        #expect(terminal() == .screen(columns: 80, rows: 24))
        #expect(terminal(40) == .screen(columns: 40, rows: 24))
        #expect(terminal(39) == .lines)
        #expect(terminal(80, ["TERM": "dumb"]) == .lines)
        #expect(terminal(80, [:]) == .lines)
        #expect(terminal(80, ["TERM": "xterm", "NO_COLOR": "1"]) == .lines)
        #expect(terminal(80, ["TERM": "xterm", "NO_COLOR": ""]) == .screen(columns: 80, rows: 24))
        #expect(Terminal(columns: 80, rows: 1, environment: ["TERM": "xterm"]) == .lines)
    }

    @Test func linesAreCutOnlyOnAScreen() {
        #expect(terminal(60).columns == 60)
        #expect(terminal(20).columns == nil)
    }
}
