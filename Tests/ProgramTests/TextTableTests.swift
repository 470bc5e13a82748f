import Testing

@testable import martlet

@Suite struct TextTableTests {
    private let table = TextTable(
        columns: [.init("NAME"), .init("SIZE", .right), .init("NOTE")],
        rows: [["worker-0", "5", "idle"], ["w", "12345", ""]])

    @Test func alignsColumnsAndLeavesNoTrailingSpaces() {
        #expect(
            table.lines() == [
                "NAME       SIZE  NOTE",
                "worker-0      5  idle",
                "w         12345",
            ])
    }

    @Test func cutsWhatTheTerminalCannotHold() {
        #expect(table.lines(width: 12) == ["NAME       …", "worker-0   …", "w         1…"])
        #expect("abc".fitting(3) == "abc")
        #expect("abcd".fitting(1) == "…")
        #expect("abcd".fitting(0) == "")
    }

    @Test func anEmptyTableHasItsHeader() {
        #expect(TextTable(columns: [.init("A"), .init("B")], rows: []).lines() == ["A  B"])
    }
}
