import ClusterProtocol
import Training

extension [EpochRecord] {
    /// A sender thins its curve to a few more than the epochs that are kept; a whole one of an earlier version passes.
    private static var mostRecords: Int { 1 << 17 }
    private static var mostMetrics: Int { 64 }

    func check() throws(DocumentProblem) {
        try Check.length(count, "curve", atMost: Self.mostRecords)
        var last = 0
        for (place, record) in enumerated() {
            guard record.epoch > last, record.epoch <= Check.largestCount else {
                throw DocumentProblem(
                    field: "curve[\(place)].epoch", expected: "an epoch behind \(last)", got: "\(record.epoch)")
            }
            last = record.epoch
            try Check.count(record.step, "curve[\(place)].step")
            try Check.count(record.skipped ?? 0, "curve[\(place)].skipped")
            try Check.finite(record.seconds, "curve[\(place)].seconds")
            try Check.finite(record.elapsed ?? 0, "curve[\(place)].elapsed")
            try record.metrics?.check("curve[\(place)].metrics", atMost: Self.mostMetrics)
        }
    }
}

extension [String: Double] {
    /// Figures by name; each may be anything, also no number.
    func check(_ field: @autoclosure () -> String, atMost limit: Int) throws(DocumentProblem) {
        try Check.length(count, field(), atMost: limit)
        for name in keys { try Check.text(name, "\(field()): a name") }
    }
}
