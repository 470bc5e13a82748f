import Datasets
import NeuralNetworks
import StrictYAML

/// A number of the job file: its key and the range that it must be in.
///
/// Every number has both bounds, so that no product of some of them is more than an integer holds, and every fraction is
/// one as the 32-bit float that is computed with. docs/job-file.md lists what is here.
struct JobNumber<Bound: Sendable>: Sendable {
    /// Such as `train.epochs`.
    let path: String
    let range: any YAMLRange<Bound> & Sendable

    init(_ path: String, _ range: any YAMLRange<Bound> & Sendable) {
        self.path = path
        self.range = range
    }

    /// The last part of the path, by which the section's mapping knows it.
    var key: String { path.split(separator: ".").last.map(String.init) ?? path }
}

extension JobNumber where Bound == Int {
    private static var side: ClosedRange<Int> { 1...LayerSetting.largestSide }

    static let blocks = JobNumber("model.blocks", 1...100)
    static let classes = JobNumber("model.classes", 2...10_000)
    static let decoderLayers = JobNumber(
        "model.decoder_layers", LayerKind.range(of: "decoder_layers", in: "transformer"))
    static let embedding = JobNumber("model.embedding", side)
    static let feedforward = JobNumber("model.feedforward", side)
    static let heads = JobNumber("model.heads", LayerKind.range(of: "heads", in: "transformer_encoder"))
    static let outputs = JobNumber("model.outputs", side)
    static let recurrentLayers = JobNumber("model.layers", LayerKind.range(of: "layers", in: "lstm"))
    static let source = JobNumber("model.source", side)
    static let transformerLayers = JobNumber("model.layers", LayerKind.range(of: "layers", in: "transformer_encoder"))
    static let vocabulary = JobNumber("model.vocabulary", side)
    static let width = JobNumber("model.width", side)
    /// Entries of `model.hidden`, `channels` and `widths`.
    static let layerWidth = JobNumber("model.hidden", side)
    static let inputSide = JobNumber("model.input", side)

    static let horizon = JobNumber("data.series.horizon", SeriesForm.rowsAllowed)
    static let pictureHeight = JobNumber("data.images.height", ImageForm.sidesAllowed)
    static let pictureWidth = JobNumber("data.images.width", ImageForm.sidesAllowed)
    static let crop = JobNumber("data.augment.crop", 0...ImageForm.sidesAllowed.upperBound)
    static let positions = JobNumber("data.text.positions", TextForm.positionsAllowed)
    static let targetPositions = JobNumber("data.text.target_positions", TextForm.positionsAllowed)
    static let seriesStride = JobNumber("data.series.stride", SeriesForm.stridesAllowed)
    static let textStride = JobNumber("data.text.stride", TextForm.stridesAllowed)
    static let window = JobNumber("data.series.window", SeriesForm.rowsAllowed)

    static let accumulation = JobNumber("train.accumulate", TrainSpecification.accumulations)
    static let batchSize = JobNumber("train.batch_size", TrainSpecification.batchSizes)
    static let cooldown = JobNumber("train.schedule.cooldown", 0...1_000_000_000)
    static let epochs = JobNumber("train.epochs", TrainSpecification.epochCounts)
    static let every = JobNumber("train.schedule.every", TrainSpecification.stepCounts)
    static let maximumSkips = JobNumber("train.guard.max_skips", 0...1_000_000_000)
    static let patience = JobNumber("train.stop.patience", TrainSpecification.patienceCounts)
    static let plateauPatience = JobNumber("train.schedule.patience", 0...1_000_000_000)
    static let scheduleSteps = JobNumber("train.schedule.steps", TrainSpecification.stepCounts)
    static let slices = JobNumber("train.slices", TrainSpecification.sliceCounts)
    static let stopSteps = JobNumber("train.stop.steps", TrainSpecification.stepCounts)
    static let warmUpSteps = JobNumber("train.schedule.warmup_steps", TrainSpecification.stepCounts)
    static let workers = JobNumber("train.workers", TrainSpecification.sliceCounts)

    static let topK = JobNumber("evaluate.top_k", side)
}

extension JobNumber where Bound == Double {
    private init(_ path: String, _ range: NumberRange) {
        self.init(path, range as any YAMLRange<Double> & Sendable)
    }

    static let dropout = JobNumber("model.dropout", .from(0, below: 1))
    static let std = JobNumber("model.initialization.std", .above(0))

    static let mixup = JobNumber("data.augment.mixup", .from(0))
    static let noise = JobNumber("data.augment.noise", .from(0))

    static let alpha = JobNumber("train.optimizer.alpha", .from(0, below: 1))
    static let beta1 = JobNumber("train.optimizer.beta1", .from(0, below: 1))
    static let beta2 = JobNumber("train.optimizer.beta2", .from(0, below: 1))
    static let classWeight = JobNumber("train.loss.class_weights", .from(0))
    static let clippingNorm = JobNumber("train.clip.norm", .above(0))
    static let clippingValue = JobNumber("train.clip.value", .above(0))
    static let delta = JobNumber("train.loss.delta", .above(0))
    static let endFactor = JobNumber("train.schedule.end_factor", .from(0))
    static let epsilon = JobNumber("train.optimizer.epsilon", .above(0))
    static let factor = JobNumber("train.schedule.factor", .above(0))
    static let gradientFactor = JobNumber("train.guard.gradient_factor", .above(1))
    static let labelSmoothing = JobNumber("train.loss.label_smoothing", .from(0, below: 1))
    static let learningRate = JobNumber("train.optimizer.learning_rate", .above(0))
    static let lossFactor = JobNumber("train.guard.loss_factor", .above(1))
    static let minimum = JobNumber("train.schedule.minimum", .from(0))
    static let momentum = JobNumber("train.optimizer.momentum", .from(0, below: 1))
    static let plateauFactor = JobNumber("train.schedule.factor", .from(0, below: 1))
    static let seconds = JobNumber("train.stop.seconds", .above(0))
    static let threshold = JobNumber("train.schedule.threshold", .from(0, below: 1))
    static let tolerance = JobNumber("train.stop.tolerance", .above(0))
    static let weightDecay = JobNumber("train.optimizer.weight_decay", .from(0))
}

extension YAMLMapping {
    func integer(_ number: JobNumber<Int>, default fallback: Int? = nil) -> Int {
        integer(number.key, in: number.range, default: fallback)
    }

    /// Absent without a problem.
    func optionalInteger(_ number: JobNumber<Int>) -> Int? { optionalInteger(number.key, in: number.range) }

    func number(_ number: JobNumber<Double>, default fallback: Double? = nil) -> Double {
        self.number(number.key, in: number.range, default: fallback)
    }

    /// Absent without a problem.
    func optionalNumber(_ number: JobNumber<Double>) -> Double? {
        value(number.key).flatMap { $0.asNumber(in: number.range) }
    }
}
