/// A terminal's alternate screen, redrawn in place (ECMA-48 and xterm control sequences).
struct Screen: ~Copyable {
    /// Shows the alternate screen without a cursor.
    init() throws { try StandardStream.output.write("\u{1B}[?1049h\u{1B}[?25l") }

    /// Brings back what was there before, if anyone still looks at it.
    deinit { try? StandardStream.output.write("\u{1B}[?25h\u{1B}[?1049l") }

    /// Draws whole frames only: one write, each line cleared behind its end, so that nothing flickers.
    func draw(_ lines: [String]) throws {
        let size = Terminal.size
        try StandardStream.output.write(Self.frame(lines.map { $0.fitting(size.columns) }, rows: size.rows))
    }

    /// From the upper left corner; what does not fit below is left out with a note.
    static func frame(_ lines: [String], rows: Int) -> String {
        var shown = lines
        if lines.count > rows {
            shown = lines.prefix(max(0, rows - 1)) + ["… \(lines.count - rows + 1) more lines: enlarge the window"]
        }
        return "\u{1B}[H" + shown.map { "\($0)\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J"
    }
}
