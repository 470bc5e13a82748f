import Foundation
import Glibc
import Explanations

/// How far a long file is answered: shown on a terminal, and told when the rest is lost.
struct PredictionProgress {
    /// 0 where the request is the file.
    let rows: Int
    private(set) var answered = 0
    private var lastDrawn = ContinuousClock.now
    private var isDrawn = false
    private let isShown: Bool

    /// What takes less than this is not worth a line.
    private static let interval = Duration.seconds(1)

    init(rows: Int, isShown: Bool = Self.errorIsScreen) {
        self.rows = rows
        self.isShown = isShown
    }

    /// Standard error, since the answers go to standard output.
    static var errorIsScreen: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        return Terminal(columns: 80, rows: 24, environment: ProcessInfo.processInfo.environment) != .lines
    }

    mutating func answered(_ request: PredictionRequest) {
        answered += request.places.count
        guard isShown, .now - lastDrawn >= Self.interval else { return }
        lastDrawn = .now
        isDrawn = true
        // Where it cannot be written the answers still can.
        try? StandardStream.error.write("\r\u{1B}[K\(answered) of \(counted(rows, "row")) answered")
    }

    mutating func clear() {
        guard isDrawn else { return }
        isDrawn = false
        try? StandardStream.error.write("\r\u{1B}[K")
    }

    /// What became of the file whose request failed.
    func lost(_ request: PredictionRequest, of file: String) -> String {
        let first = answered + 1
        let last = answered + request.places.count
        let place = request.places.first.map { ", from \($0) of \(file) on" } ?? ""
        return
            "; rows \(first) to \(last)\(place), were not answered, nor what follows them: \(answered) of \(counted(rows, "row")) "
            + "were, and none was printed"
    }
}
