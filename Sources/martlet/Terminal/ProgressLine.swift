import NeuralNetworks
import JobProtocol
import Training

/// The line under which a job trains: bar, epoch, loss, samples per second and the time left.
enum ProgressLine {
    /// At most `width` characters. The bar takes what the figures leave; where there is not enough for it, the metrics
    /// give way first.
    ///
    /// - Parameter metrics: of the newest epoch, names and values.
    static func text(_ progress: ProgressReport, metrics: [String] = [], width: Int) -> String {
        let fraction = fraction(of: progress)
        let figures =
            [
                "\(Int((fraction * 100).rounded(.down)))%".leftPadded(to: 4),
                "epoch \(progress.epoch)/\(progress.epochs)",
                "loss \(Figures.loss(progress.loss))",
            ] + metrics + [
                "\(Figures.count(progress.samplesPerSecond)) samples/s",
                "ETA \(Figures.duration(seconds: progress.secondsLeft))",
            ]
        let text = figures.joined(separator: "  ")
        let room = min(30, width - text.count - 3)
        guard room >= 5 else {
            return metrics.isEmpty ? text.fitting(width) : self.text(progress, width: width)
        }
        return "\(bar(fraction, width: room)) \(text)"
    }

    /// The first metrics that the job asks for, of the newest epoch that measured them.
    static func metrics(of job: JobStatus) -> [String] {
        guard let measured = job.curve.last?.metrics else { return [] }
        return job.specification.evaluate.metrics.map(\.rawValue).filter { $0 != "loss" && measured[$0] != nil }
            .prefix(metricLimit).map { "\($0) \(Figures.metric(measured[$0]!))" }
    }

    private static let metricLimit = 2

    /// Share of all steps that are done. An epoch is counted from 1 while it runs.
    static func fraction(of progress: ProgressReport) -> Double {
        guard progress.epochs > 0, progress.steps > 0 else { return 0 }
        let done = Double(progress.epoch - 1) + Double(progress.step) / Double(progress.steps)
        return min(1, max(0, done / Double(progress.epochs)))
    }

    /// `[#####-----]`, `width` characters between the brackets.
    static func bar(_ fraction: Double, width: Int) -> String {
        let filled = min(width, Int((fraction * Double(width)).rounded(.down)))
        return "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: width - filled))]"
    }
}

extension String {
    func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
