import Cluster
import Foundation
import Training

/// Shows a job's progress on standard output: one line drawn again and again on a terminal, whole lines elsewhere.
struct ProgressDisplay {
    private let terminal: Bool
    private let silent: Bool
    private var last: JobStatus?
    private var lastNote: String?
    private var lineIsOpen = false

    init(silent: Bool) {
        self.silent = silent
        terminal = TerminalSize.current != nil
    }

    mutating func show(_ status: JobStatus) {
        defer { last = status }
        lastNote = nil
        if silent { return }
        if terminal {
            draw(Self.line(for: status, width: (TerminalSize.current?.columns ?? 80) - 1))
        } else {
            PlainProgress.lines(from: last, to: status).forEach(write)
        }
    }

    /// Something worth a word that is no progress; said once until there is progress again.
    mutating func note(_ text: String) {
        guard text != lastNote else { return }
        lastNote = text
        if silent { return }
        if terminal { draw(text.fitting((TerminalSize.current?.columns ?? 80) - 1)) } else { write(text) }
    }

    /// Leaves the line as it is and goes on below it.
    mutating func end() {
        if lineIsOpen { put("\n") }
        lineIsOpen = false
    }

    static func line(for status: JobStatus, width: Int) -> String {
        if let problem = status.storageProblem {
            return "\(status.state.rawValue), but the coordinator \(problem); it goes on by itself".fitting(width)
        }
        if status.state == .running, let progress = status.progress {
            return ProgressLine.text(progress, metrics: ProgressLine.metrics(of: status), width: width)
        }
        if status.state == .finished, let last = status.curve.last {
            let epochs = "epoch \(last.epoch)/\(status.specification.train.epochs)"
            let figures = "100%  \(epochs)  loss \(Figures.loss(last.trainingLoss))  \(status.detail)"
            return "\(ProgressLine.bar(1, width: 30)) \(figures)".fitting(width)
        }
        let detail = status.detail.isEmpty || status.state.isFinal ? "" : ": \(status.detail)"
        return "\(status.state.rawValue)\(detail)".replacing("\n", with: " ").fitting(width)
    }

    private mutating func draw(_ line: String) {
        put("\r\(line)\u{1B}[K")
        lineIsOpen = true
    }

    private func write(_ line: String) { put(line + "\n") }

    private func put(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
