import Datasets
import NeuralNetworks
package import Training

extension JobSpecification {
    /// Bytes of the job file as it was written, which is shown whole with the job.
    package static let largestBytes = JobFile.maximumBytes
    /// Workers and slices of one job.
    private static let workers = 1...Check.ranks

    /// What would break whoever computes with it. The job file's own rules are told where it is read, with their lines;
    /// this is for what comes without a file.
    func check() throws(DocumentProblem) {
        try Check.count(train.workers, "train.workers", in: Self.workers)
        try Check.count(train.slices, "train.slices", in: Self.workers)
        try Check.count(train.batchSize ?? 1, "train.batch_size", in: 1...Check.largestCount)
        try Check.count(train.accumulation, "train.accumulate", in: 1...Check.largestCount)
        try Check.count(train.epochs, "train.epochs", in: 1...Check.largestCount)
        try Check.count(train.stop.steps ?? 1, "train.stop.steps", in: 1...Check.largestCount)
        try Check.count(train.stop.patience ?? 1, "train.stop.patience", in: 1...Check.largestCount)
        try Check.finite(train.stop.seconds ?? 0, "train.stop.seconds")
        try Check.count(train.spikeGuard?.maximumSkips ?? 0, "train.guard.max_skips")
        try Check.count(evaluate.topK, "evaluate.top_k", in: 1...Check.largestCount)
        try Check.count(model.outputs, "model.outputs", in: 1...1 << 32)
        for size in model.input { try Check.count(size, "model.input", in: 1...1 << 32) }
        try Check.length(model.input.count, "model.input", atMost: 3)
        guard loss.name.fits(model.task) else {
            throw DocumentProblem(
                field: "train.loss", expected: Loss.Name.words(for: model.task), got: loss.name.rawValue)
        }
        guard model.layers.nesting <= LayerSpecification.maximumDepth else {
            throw DocumentProblem(
                field: "model.layers",
                expected: "layers within each other at most \(LayerSpecification.maximumDepth) deep",
                got: "\(model.layers.nesting)")
        }
        try data.check()
    }
}

extension [LayerSpecification] {
    /// 1 for layers that hold no others.
    fileprivate var nesting: Int {
        let inner = flatMap { $0.settings.values.map { if case .layers(let held) = $0 { held.nesting } else { 0 } } }
        return isEmpty ? 0 : 1 + (inner.max() ?? 0)
    }
}

extension DataSpecification {
    /// Positions, rows and pixels of one sample, in one direction.
    private static let side = 1...1 << 32

    fileprivate func check() throws(DocumentProblem) {
        guard split.isComplete else {
            throw DocumentProblem(
                field: "data.split", expected: "shares from 0 to 1 that add up to 1, some of it for training",
                got: "\(split.train), \(split.validation), \(split.test)")
        }
        if needsTarget, targets.isEmpty {
            throw DocumentProblem(field: "data.targets", expected: "the column to learn", got: "none")
        }
        if let series {
            try Check.count(series.window, "data.series.window", in: Self.side)
            try Check.count(series.horizon, "data.series.horizon", in: 0...Self.side.upperBound)
            try Check.count(series.stride, "data.series.stride", in: Self.side)
        }
        if let text {
            try Check.count(text.positions, "data.text.positions", in: Self.side)
            try Check.count(text.stride, "data.text.stride", in: Self.side)
            if case .translate(_, _, let positions) = text.use {
                try Check.count(positions, "data.text.target_positions", in: Self.side)
            }
            switch text.tokenizer {
            case .bytes, .file: break
            case .pairs(let vocabulary), .words(let vocabulary, _):
                try Check.count(vocabulary, "data.text.tokenizer.vocabulary", in: Self.side)
            }
        }
        try Check.count(images?.height ?? 1, "data.images.height", in: Self.side)
        try Check.count(images?.width ?? 1, "data.images.width", in: Self.side)
        try Check.count(augmentation?.crop ?? 0, "data.augment.crop", in: 0...Self.side.upperBound)
        for (name, share) in [
            ("rotate", augmentation?.rotation), ("noise", augmentation?.noise), ("mixup", augmentation?.mixup),
        ] {
            try Check.finite(share ?? 0, "data.augment.\(name)")
        }
    }
}
