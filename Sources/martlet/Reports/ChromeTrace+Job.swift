import JobProtocol
import FoundationEssentials
import Reports
import Training

extension ChromeTrace {
    /// Spans of all workers on one axis, that of the earliest worker's wall clock.
    init(_ trace: JobTrace) {
        let origin = trace.recordings.map(\.origin).min()
        self.init(
            workers: trace.recordings.map { recording in
                let offset = origin.map { Int(recording.origin.timeIntervalSince($0) * 1e6) } ?? 0
                return Worker(
                    name: recording.worker,
                    spans: recording.spans.compactMap { span in
                        guard recording.names.indices.contains(span.name) else { return nil }
                        return Span(
                            name: recording.names[span.name], start: offset + span.start, duration: span.duration)
                    })
            })
    }
}
