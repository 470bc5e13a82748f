package import Training

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
