package import ClusterProtocol
package import Datasets
package import Digests
import Explanations
package import Training

/// What is kept of a job's data once its plan is gone.
package struct DataSummary: Codable, Sendable, Equatable {
    package var digest: ContentDigest
    package var rows: Int
    package var trainingRows: Int
    package var validationRows: Int
    package var testRows: Int
    /// Inputs of the network that a row became.
    package var inputs: Int
    /// What was done to the data, or seems odd; the first few, nil if there are none.
    package var notes: [String]?

    /// Notes that are kept, and bytes of each.
    private static let noteLimit = 20
    private static let noteLength = 500

    package init(of plan: DataPlan) {
        digest = plan.digest
        rows = plan.rows
        trainingRows = plan.trainingRows
        validationRows = plan.validationRows
        testRows = plan.testRows
        inputs = plan.preprocessing.featureCount
        notes = plan.notes.map { all in
            let kept = all.prefix(Self.noteLimit).map { $0.description.shortened(toBytes: Self.noteLength) }
            return all.count > kept.count ? kept + ["and \(all.count - kept.count) more"] : kept
        }
    }
}

/// What the best model of a job makes of the test part, sample by sample. Part of the result.
package struct JobEvaluation: Codable, Sendable, Equatable {
    /// The machine of one worker.
    package struct Machine: Codable, Sendable, Equatable {
        package var worker: String
        package var host: String
        package var processor: String
        package var cores: Int
        package var memoryBytes: UInt64
        package var system: String
        /// Of Martlet.
        package var version: String

        package init(
            worker: String, host: String, processor: String, cores: Int, memoryBytes: UInt64, system: String,
            version: String
        ) {
            self.worker = worker
            self.host = host
            self.processor = processor
            self.cores = cores
            self.memoryBytes = memoryBytes
            self.system = system
            self.version = version
        }
    }

    /// Rows of the test part.
    package var rows: Int
    /// Of them, those whose class is wrong; for regression all that are not exact.
    package var wrong: Int
    /// As the data writes them; empty for regression.
    package var classes: [String]
    /// Counts by true class, then by predicted class; nil for regression and for more than `classLimit` classes.
    package var confusion: [[Int]]?
    /// The highest loss first.
    package var worst: [WorstSample]
    /// In rank order.
    package var machines: [Machine]

    /// More would not fit in a message, nor be read.
    package static let classLimit = 256
    package static let sampleLimit = 24
    /// Bytes of the name of a class.
    package static let classBytes = 1024

    package init(
        rows: Int, wrong: Int, classes: [String], confusion: [[Int]]?, worst: [WorstSample], machines: [Machine]
    ) {
        self.rows = rows
        self.wrong = wrong
        self.classes = classes
        self.confusion = confusion
        self.worst = worst
        self.machines = machines
    }
}

/// What the workers of a job did when, in rank order. Kept with the job if it was submitted with a profile.
package struct JobTrace: Codable, Sendable, Equatable {
    package var recordings: [Timeline.Recording]

    /// Spans of all workers together, which keeps a trace well below the limit of a message.
    package static let spanLimit = 48_000

    package init(recordings: [Timeline.Recording]) {
        self.recordings = recordings
    }
}

/// Rank 0 to the coordinator, before it reports that it has finished. Kind `trace`.
package struct TraceReport: Codable, Sendable, Equatable {
    package var job: String
    package var generation: UInt64
    package var trace: JobTrace

    package init(job: String, generation: UInt64, trace: JobTrace) {
        self.job = job
        self.generation = generation
        self.trace = trace
    }
}

/// All that is known of one job: what `martlet report` makes its page from.
package struct JobReport: Codable, Sendable, Equatable {
    package var status: JobStatus
    /// The job file as it was written.
    package var source: String
    /// Nil until the data is indexed.
    package var data: DataSummary?
    /// Nil until the job has finished, and if it had no test part.
    package var evaluation: JobEvaluation?
    /// The version that the job made.
    package var version: ModelStatus.Version?

    package init(
        status: JobStatus, source: String, data: DataSummary? = nil, evaluation: JobEvaluation? = nil,
        version: ModelStatus.Version? = nil
    ) {
        self.status = status
        self.source = source
        self.data = data
        self.evaluation = evaluation
        self.version = version
    }
}
