import JobProtocol
import Training

/// Shows a job's progress on standard output: one line drawn again and again on a terminal, whole lines elsewhere.
struct ProgressDisplay {
    private let silent: Bool
    private var last: JobStatus?
    private var lastNote: String?
    private var lineIsOpen = false
    /// Since when the job has been in its state and said the same of it.
    private var since = ContinuousClock.now

    init(silent: Bool) {
        self.silent = silent
    }

    mutating func show(_ status: JobStatus) throws {
        if status.state != last?.state || status.detail != last?.detail { since = .now }
        defer { last = status }
        lastNote = nil
        if silent { return }
        if let width {
            try draw(Self.line(for: status, after: .now - since, width: width))
        } else {
            for line in PlainProgress.lines(from: last, to: status) { try write(line) }
        }
    }

    /// Something worth a word that is no progress; said once until there is progress again.
    mutating func note(_ text: String) throws {
        guard text != lastNote else { return }
        lastNote = text
        if silent { return }
        if let width { try draw(text.fitting(width)) } else { try write(text) }
    }

    /// Leaves the line as it is and goes on below it.
    mutating func end() throws {
        if lineIsOpen { try StandardStream.output.write("\n") }
        lineIsOpen = false
    }

    /// - Parameter time: for which the job has said the same.
    static func line(for status: JobStatus, after time: Duration = .zero, width: Int) -> String {
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
        // What has no progress of its own shows that it still goes on.
        let waited =
            status.state.isFinal || time < .seconds(1)
            ? "" : ", \(Figures.duration(seconds: Double(time.components.seconds)))"
        return "\(status.state.rawValue)\(detail)\(waited)".replacing("\n", with: " ").fitting(width)
    }

    /// Of a line that is drawn again; nil where none can be.
    private var width: Int? { Terminal.current.columns.map { $0 - 1 } }

    private mutating func draw(_ line: String) throws {
        try StandardStream.output.write("\r\(line)\u{1B}[K")
        lineIsOpen = true
    }

    private mutating func write(_ line: String) throws {
        try end()
        try Output.write(line)
    }
}
