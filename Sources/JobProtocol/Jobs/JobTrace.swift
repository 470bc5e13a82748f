package import ClusterProtocol
import Foundation
package import Training

/// What the workers of a job did when, in rank order. Kept with the job if it was submitted with a profile.
package struct JobTrace: DocumentAnswer {
    package var recordings: [Timeline.Recording]

    /// Spans of all workers together, which keeps a trace well below the limit of a message.
    package static let spanLimit = 48_000

    package init(recordings: [Timeline.Recording]) {
        self.recordings = recordings
    }
}

extension JobTrace {
    /// Seconds, some three thousand years: in microseconds they can be added to those of the spans.
    private static let latestOrigin = 1e11

    package func check() throws(DocumentProblem) {
        try Check.length(recordings.count, "trace.recordings", atMost: Check.ranks)
        let spans = recordings.reduce(0) { $0 + $1.spans.count }
        try Check.length(spans, "trace.recordings", atMost: Self.spanLimit + recordings.count)
        for (rank, recording) in recordings.enumerated() {
            let field = "trace.recordings[\(rank)]"
            try Check.text(recording.worker, "\(field).worker")
            guard abs(recording.origin.timeIntervalSince1970) <= Self.latestOrigin else {
                throw DocumentProblem(
                    field: "\(field).origin", expected: "a time within \(Self.latestOrigin) s of 1970",
                    got: "\(recording.origin.timeIntervalSince1970) s")
            }
            try Check.count(recording.dropped, "\(field).dropped")
            try Check.length(recording.names.count, "\(field).names", atMost: Timeline.nameLimit)
            for name in recording.names { try Check.text(name, "\(field).names", atMost: 1024) }
            for (place, span) in recording.spans.enumerated() {
                guard recording.names.indices.contains(span.name) else {
                    throw DocumentProblem(
                        field: "\(field).spans[\(place)].name", expected: "one of \(recording.names.count) names",
                        got: "\(span.name)")
                }
                try Check.count(
                    span.start, "\(field).spans[\(place)].start", in: -Check.largestCount...Check.largestCount)
                try Check.count(span.duration, "\(field).spans[\(place)].duration")
            }
        }
    }
}
