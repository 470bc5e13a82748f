import NeuralNetworks

/// Targets that the last layer can never give.
enum TargetOutOfRange: JobRule {
    static let name = "target-out-of-range"

    static func findings(in job: JobUnderReview) -> [JobFinding] {
        guard job.specification.model.task == .regression, let targets = job.data?.targetRange,
            let last = job.chains.first?.last(where: { $0.role != .passing }), !last.isHead,
            let range = last.role.range,
            targets.lowerBound < range.lowerBound || targets.upperBound > range.upperBound
        else { return [] }
        let lowest = range.lowerBound == 0 ? "0" : "\(range.lowerBound)"
        let outputs =
            range.upperBound.isInfinite ? "\(lowest) or more" : "from \(range.lowerBound) to \(range.upperBound)"
        return [
            JobFinding(
                path: last.path,
                message: "the targets go from \(Float(targets.lowerBound)) to \(Float(targets.upperBound)), but the "
                    + "\(last.kind) at the end gives numbers \(outputs) only: leave it out, or scale the target")
        ]
    }
}
