package import ClusterProtocol
import Foundation
import Training

extension JobEvaluation {
    func check() throws(DocumentProblem) {
        try Check.count(rows, "evaluation.rows")
        try Check.count(wrong, "evaluation.wrong")
        try Check.length(classes.count, "evaluation.classes", atMost: Self.classLimit)
        for name in classes { try Check.text(name, "evaluation.classes", atMost: Self.classBytes) }
        if let confusion {
            for (place, counts) in confusion.enumerated() {
                guard confusion.count == classes.count, counts.count == classes.count else {
                    throw DocumentProblem(
                        field: "evaluation.confusion[\(place)]",
                        expected: "counts of \(classes.count) classes by as many", got: "\(counts.count)")
                }
                for count in counts { try Check.count(count, "evaluation.confusion[\(place)]") }
            }
        }
        try Check.length(worst.count, "evaluation.worst", atMost: Self.sampleLimit)
        for (place, sample) in worst.enumerated() { try sample.check("evaluation.worst[\(place)]") }
        try Check.length(machines.count, "evaluation.machines", atMost: Check.ranks)
    }
}

extension WorstSample {
    fileprivate func check(_ field: String) throws(DocumentProblem) {
        switch content {
        case .picture(let channels, let height, let width, let pixels):
            for (name, side) in [("channels", channels), ("height", height), ("width", width)] {
                try Check.count(side, "\(field).\(name)", in: 0...1 << 16)
            }
            guard channels * height * width == pixels.count else {
                throw DocumentProblem(
                    field: "\(field).pixels", expected: "\(channels) x \(height) x \(width) bytes",
                    got: "\(pixels.count)")
            }
        case .values(let names, let values):
            guard names.count == values.count else {
                throw DocumentProblem(
                    field: "\(field).values", expected: "one for each of \(names.count) names", got: "\(values.count)")
            }
        }
    }
}

extension TraceReport: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try trace.check()
    }
}

extension JobTrace: CheckedDocument {
    /// Seconds, some three thousand years: in microseconds they can be added to those of the spans.
    private static let latestOrigin = 1e11

    package func check() throws(DocumentProblem) {
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

extension JobReport: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try status.check()
        try evaluation?.check()
        try version?.check()
    }
}
