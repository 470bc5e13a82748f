import Foundation
import Glibc

/// What standard output can show.
enum Terminal: Equatable {
    /// A terminal that takes control sequences and has room for what is drawn again and again.
    case screen(columns: Int, rows: Int)
    /// Anything else: files, pipes, terminals that take nothing but text or want nothing else, and narrow ones. It gets
    /// whole lines, uncut.
    case lines

    /// The narrowest terminal on which a table or a progress line still says something.
    static let narrowest = 40

    /// Asked anew each time: windows change their size, and streams do not.
    static var current: Terminal {
        guard isatty(STDOUT_FILENO) == 1 else { return .lines }
        let size = size
        return Terminal(
            columns: size.columns, rows: size.rows, environment: ProcessInfo.processInfo.environment)
    }

    /// Of the window behind standard output, whatever it can show.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// A terminal of this size. `TERM=dumb` and no `TERM` know no control sequences; `NO_COLOR`, set to anything, asks
    /// for none (no-color.org).
    init(columns: Int, rows: Int, environment: [String: String]) {
        let type = environment["TERM"] ?? ""
        let isPlain = type.isEmpty || type == "dumb" || environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        self = isPlain || columns < Self.narrowest || rows < 2 ? .lines : .screen(columns: columns, rows: rows)
    }

    var columns: Int? {
        if case .screen(let columns, _) = self { columns } else { nil }
    }
}
