package import ClusterProtocol
import Checkpoints
import Datasets
import Training

extension Assignment: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(members.count, "members", in: 1...Check.ranks)
        try Check.count(rank, "rank", in: 0...members.count - 1)
        try specification.check()
        var next = 0
        for (rank, member) in members.enumerated() {
            try Check.text(member.name, "members[\(rank)].name")
            try Check.text(member.endpoint, "members[\(rank)].endpoint")
            guard member.slices.lowerBound == next, !member.slices.isEmpty else {
                throw DocumentProblem(
                    field: "members[\(rank)].slices", expected: "slices from \(next) on", got: "\(member.slices)")
            }
            next = member.slices.upperBound
        }
        guard next == specification.train.slices else {
            throw DocumentProblem(
                field: "members", expected: "all \(specification.train.slices) slices", got: "\(next)")
        }
        try plan.check(slices: next)
        try resume?.check("resume")
        try curve.check()
    }
}

extension DataPlan {
    func check(slices: Int) throws(DocumentProblem) {
        for (name, rows) in [
            ("rows", rows), ("trainingRows", trainingRows), ("validationRows", validationRows), ("testRows", testRows),
        ] {
            try Check.count(rows, "plan.\(name)")
        }
        for (name, classes) in [("validationClasses", validationClasses), ("testClasses", testClasses)] {
            try Check.count(classes ?? 0, "plan.\(name)")
        }
        for (name, part, isNeeded) in [
            ("training", training, true), ("validation", validation, false), ("test", test, false),
        ] {
            guard part.count == slices || part.isEmpty && !isNeeded else {
                throw DocumentProblem(
                    field: "plan.\(name)", expected: "a shard for each of \(slices) slices", got: "\(part.count)")
            }
            for (slice, shard) in part.enumerated() {
                try Check.count(shard.bytes, "plan.\(name)[\(slice)].bytes")
                try Check.count(shard.rows, "plan.\(name)[\(slice)].rows")
            }
        }
        let trained = training.reduce(0) { $0 + $1.rows }
        guard trained == trainingRows else {
            throw DocumentProblem(
                field: "plan.trainingRows", expected: "the rows of all shards, \(trained)", got: "\(trainingRows)")
        }
    }
}

extension CheckpointReference {
    func check(_ field: String) throws(DocumentProblem) {
        try Check.count(progress.epoch, "\(field).progress.epoch")
        try Check.count(progress.step, "\(field).progress.step")
        try Check.count(progress.bestEpoch, "\(field).progress.bestEpoch")
        try Check.count(progress.spikes?.skipped ?? 0, "\(field).progress.spikes.skipped")
    }
}

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

extension StopGeneration: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
    }
}

extension ProgressReport: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(epochs, "epochs")
        try Check.count(epoch, "epoch")
        try Check.count(steps, "steps")
        try Check.count(step, "step")
    }
}

extension CheckpointCommit: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try checkpoint.check("checkpoint")
        try Check.count(modelBytes, "modelBytes")
        try Check.count(optimizerBytes, "optimizerBytes")
        try curve.check()
    }
}

extension GenerationFinished: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(result.modelBytes, "result.modelBytes")
        try Check.count(result.epoch, "result.epoch")
        try Check.count(result.step, "result.step")
        try Check.text(result.stopped, "result.stopped")
        try result.metrics.check("result.metrics", atMost: 64)
        try result.curve.check()
        try result.golden.check()
        try result.evaluation?.check()
    }
}

extension Golden {
    /// Rows that prove a node.
    private static let mostRows = 64

    func check() throws(DocumentProblem) {
        try Check.count(rows, "golden.rows", in: 0...Self.mostRows)
        try Check.count(interval ?? 1, "golden.interval", in: 1...Check.largestCount)
        guard rows == 0 ? input.isEmpty : input.count.isMultiple(of: rows) else {
            throw DocumentProblem(
                field: "golden.input", expected: "numbers of \(rows) rows of one length", got: "\(input.count) numbers")
        }
        guard rows == 0 || interval != nil || output.count.isMultiple(of: rows) else {
            throw DocumentProblem(
                field: "golden.output", expected: "numbers of \(rows) rows of one length",
                got: "\(output.count) numbers")
        }
    }
}

extension GenerationFailed: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(rank, "rank", in: 0...Check.ranks)
    }
}

extension JobSummary: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try curve.check()
        try progress?.check()
    }
}

extension JobStatus: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try curve.check()
        try progress?.check()
    }
}
