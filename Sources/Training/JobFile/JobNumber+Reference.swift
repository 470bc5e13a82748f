import StrictYAML

extension JobNumber where Bound == Int {
    /// All whole numbers, in the order of the job file.
    static let all: [JobNumber] = [
        .inputSide, .classes, .outputs, .layerWidth, .blocks, .width, .transformerLayers, .heads, .feedforward,
        .vocabulary, .embedding, .source, .decoderLayers, .positions, .targetPositions, .textStride, .window, .horizon,
        .seriesStride, .pictureHeight, .pictureWidth, .crop, .batchSize, .accumulation, .epochs, .workers, .slices,
        .every, .scheduleSteps, .warmUpSteps, .plateauPatience, .cooldown, .patience, .stopSteps, .maximumSkips, .topK,
    ]
}

extension JobNumber where Bound == Double {
    /// All fractions, in the order of the job file.
    static let all: [JobNumber] = [
        .dropout, .std, .noise, .mixup, .delta, .labelSmoothing, .classWeight, .learningRate, .momentum, .alpha, .beta1,
        .beta2, .epsilon, .weightDecay, .factor, .endFactor, .minimum, .threshold, .clippingNorm, .clippingValue,
        .seconds, .tolerance, .lossFactor, .gradientFactor,
    ]
}

/// The numbers of the job file and their ranges as a table in Markdown; docs/job-file.md has it.
enum JobNumberReference {
    static var table: String {
        let whole = JobNumber<Int>.all.map { "| `\($0.path)` | an integer \($0.range.words) |" }
        let fractions = JobNumber<Double>.all.map { "| `\($0.path)` | a number \($0.range.words) |" }
        return (["| key | value |", "|---|---|"] + whole + fractions).joined(separator: "\n") + "\n"
    }
}
