public import NeuralNetworks
public import Tensors

/// The `train:` section.
public struct TrainSpecification: Codable, Sendable, Equatable {
    /// Nil: the one that fits the model's task.
    public var loss: Loss?
    public var optimizer: OptimizerSpecification
    public var schedule: ScheduleSpecification
    public var clipping: Clipping
    /// Rows of one batch over all workers; nil: all training rows.
    public var batchSize: Int?
    /// Batches whose gradients are added up for one update.
    public var accumulation: Int
    public var epochs: Int
    /// Of matrix products while training; evaluation is in f32.
    public var precision: Precision
    public var seed: UInt64
    public var workers: Int
    /// Into how many parts each batch is cut. Gradients are summed over the parts along one fixed tree, so a job gives
    /// the same bytes on any number of workers up to this. Default: the workers, but at least 4.
    public var slices: Int
    public var stop: Stop
    /// Nil: every update is made, and one that is no number ends the run.
    public var spikeGuard: SpikeGuard?

    /// What is so where nothing is said; what must be said is a stand-in.
    static let standard = TrainSpecification(
        optimizer: OptimizerSpecification(name: .sgd, learningRate: 1), batchSize: nil, epochs: 1)

    public init(
        loss: Loss? = nil, optimizer: OptimizerSpecification, schedule: ScheduleSpecification = .init(),
        clipping: Clipping = Clipping(), batchSize: Int?, accumulation: Int = 1, epochs: Int,
        precision: Precision = .f32, seed: UInt64 = 0,
        workers: Int = 1, slices: Int? = nil, stop: Stop = Stop(), spikeGuard: SpikeGuard? = nil
    ) {
        self.loss = loss
        self.optimizer = optimizer
        self.schedule = schedule
        self.clipping = clipping
        self.batchSize = batchSize
        self.accumulation = accumulation
        self.epochs = epochs
        self.precision = precision
        self.seed = seed
        self.workers = workers
        self.slices = slices ?? max(4, workers)
        self.stop = stop
        self.spikeGuard = spikeGuard
    }
}

extension TrainSpecification {
    /// When training ends before its epochs are over. Everything is looked at after each epoch; `steps` and `seconds`
    /// end an epoch early.
    public struct Stop: Codable, Sendable, Equatable {
        /// Epochs without a better monitored loss before training ends; nil: never. The validation loss is
        /// monitored where the split has a validation part, the training loss elsewhere; never the test part.
        public var patience: Int?
        /// Ends after this many steps; nil: no bound but the epochs.
        public var steps: Int?
        /// Ends after this long.
        public var seconds: Double?
        /// Ends when an epoch changes the training loss by less.
        public var tolerance: Double?
        /// Ends when the validation part meets this bound; of the loss, the training part where there is no other.
        public var target: EvaluateSpecification.Bound?

        public init(
            patience: Int? = nil, steps: Int? = nil, seconds: Double? = nil, tolerance: Double? = nil,
            target: EvaluateSpecification.Bound? = nil
        ) {
            self.patience = patience
            self.steps = steps
            self.seconds = seconds
            self.tolerance = tolerance
            self.target = target
        }
    }

    /// Bounds for the gradient of a batch.
    public struct Clipping: Codable, Sendable, Equatable {
        /// A gradient whose Euclidean norm over all parameters is larger is made as short as this.
        public var norm: Double?
        /// Then each of its numbers is cut to at most this, both ways.
        public var value: Double?

        public init(norm: Double? = nil, value: Double? = nil) {
            self.norm = norm
            self.value = value
        }
    }

    /// Passes over updates from batches whose loss or gradient is far out of line, or no number at all.
    public struct SpikeGuard: Codable, Sendable, Equatable {
        /// Of the mean of the losses before; nil: any loss will do that is a number.
        public var lossFactor: Double?
        /// Of the mean of the gradients' norms before; nil: any norm will do that is a number.
        public var gradientFactor: Double?
        /// Updates that may be passed over; one more ends the run.
        public var maximumSkips: Int

        public init(lossFactor: Double? = nil, gradientFactor: Double? = nil, maximumSkips: Int = 10) {
            self.lossFactor = lossFactor
            self.gradientFactor = gradientFactor
            self.maximumSkips = maximumSkips
        }
    }
}

extension TrainSpecification {
    /// Keys that an earlier version did not write get their defaults: jobs and models it stored stay readable.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Self.standard
        self.init(
            loss: try container.decodeIfPresent(Loss.self, forKey: .loss),
            optimizer: try container.decode(OptimizerSpecification.self, forKey: .optimizer),
            schedule: try container.decodeIfPresent(ScheduleSpecification.self, forKey: .schedule)
                ?? standard.schedule,
            clipping: try container.decodeIfPresent(Clipping.self, forKey: .clipping) ?? standard.clipping,
            batchSize: try container.decodeIfPresent(Int.self, forKey: .batchSize),
            accumulation: try container.decodeIfPresent(Int.self, forKey: .accumulation) ?? standard.accumulation,
            epochs: try container.decode(Int.self, forKey: .epochs),
            precision: try container.decodeIfPresent(Precision.self, forKey: .precision) ?? standard.precision,
            seed: try container.decode(UInt64.self, forKey: .seed),
            workers: try container.decode(Int.self, forKey: .workers),
            slices: try container.decode(Int.self, forKey: .slices),
            stop: try container.decodeIfPresent(Stop.self, forKey: .stop) ?? standard.stop,
            spikeGuard: try container.decodeIfPresent(SpikeGuard.self, forKey: .spikeGuard))
    }
}
