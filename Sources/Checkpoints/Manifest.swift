public import Digests

/// `manifest.json`: what a model version is made of and where it came from. Its digest names the version everywhere.
public struct Manifest: Codable, Sendable, Equatable {
    public struct File: Codable, Sendable, Equatable {
        public var name: String
        public var digest: ContentDigest
        public var bytes: Int

        public init(name: String, digest: ContentDigest, bytes: Int) {
            self.name = name
            self.digest = digest
            self.bytes = bytes
        }
    }

    public var format: Int
    public var name: String
    public var job: String
    public var files: [File]
    /// The job specification as JSON: builds the network and its preprocessing again.
    public var specification: JSONText
    /// `Preprocessing` as JSON: how raw cells become the network's input.
    public var preprocessing: JSONText
    public var interface: ModelInterface
    /// SHA-256 of the data file it learned from.
    public var data: ContentDigest
    public var seed: UInt64
    public var epoch: Int
    public var step: Int
    /// By name; one that is no finite number is null in the file, and not a number when it is read.
    @FiguresOrNull public var metrics: [String: Double]
    public var golden: Golden
    /// The version of Martlet that trained it.
    public var codeVersion: String
    /// Manifest of the version it was made from; nil for one trained from nothing.
    public var parent: ContentDigest?
    /// What the network's outputs mean, as the loss that it was trained with has it: a name of `OutputMeaning`, kept as
    /// text since this module does not know networks. Nil: logits of the task, or numbers.
    public var outputMeaning: String?

    public init(
        name: String, job: String, files: [File], specification: JSONText, preprocessing: JSONText,
        interface: ModelInterface, data: ContentDigest, seed: UInt64, epoch: Int, step: Int,
        metrics: [String: Double], golden: Golden, codeVersion: String, parent: ContentDigest? = nil,
        outputMeaning: String? = nil
    ) {
        self.format = 1
        self.name = name
        self.job = job
        self.files = files
        self.specification = specification
        self.preprocessing = preprocessing
        self.interface = interface
        self.data = data
        self.seed = seed
        self.epoch = epoch
        self.step = step
        self.metrics = metrics
        self.golden = golden
        self.codeVersion = codeVersion
        self.parent = parent
        self.outputMeaning = outputMeaning
    }
}

/// A JSON document inside a JSON document, kept as text so that modules below need not know its type.
public typealias JSONText = String

/// Raw rows and the outputs that the trained network gave for them. A node that cannot reproduce them is not ready.
public struct Golden: Codable, Sendable, Equatable {
    /// Raw input, row-major, before preprocessing: rows x features.
    public var input: [Float]
    public var rows: Int
    /// The network's outputs, with no function behind them, of all rows in a row, rows x outputs, of which every `interval`-th is here.
    public var output: [Float]
    /// Nil: 1.
    public var interval: Int?
    /// Largest absolute difference allowed, relative to max(1, |expected|).
    public var tolerance: Float

    public init(input: [Float], rows: Int, output: [Float], interval: Int? = nil, tolerance: Float = 1e-4) {
        self.input = input
        self.rows = rows
        self.output = output
        self.interval = interval
        self.tolerance = tolerance
    }
}

/// The tensors a served model takes and gives, in the terms of the Open Inference Protocol.
public struct ModelInterface: Codable, Sendable, Equatable {
    public struct TensorInterface: Codable, Sendable, Equatable {
        public var name: String
        /// FP32, INT64 or BYTES.
        public var datatype: String
        /// -1: any.
        public var shape: [Int]
        /// Names of the values of a row, where they have any: those of a table's columns.
        public var columns: [String]?
        /// The column of dates or numbers that the rows of a table are put in order by before a window is made of them;
        /// nil: they come in their order.
        public var order: String?
        /// Whether a picture can stand for a row; nil: not known.
        public var pictures: Bool?

        public init(
            name: String, datatype: String, shape: [Int], columns: [String]? = nil, order: String? = nil,
            pictures: Bool? = nil
        ) {
            self.name = name
            self.datatype = datatype
            self.shape = shape
            self.columns = columns
            self.order = order
            self.pictures = pictures
        }
    }

    /// What the one input of a trained model is called.
    public static let inputName = "input"

    public var inputs: [TensorInterface]
    public var outputs: [TensorInterface]

    public init(inputs: [TensorInterface], outputs: [TensorInterface]) {
        self.inputs = inputs
        self.outputs = outputs
    }
}
