import NeuralNetworks

/// A head written as the last layer of a family that adds its own, which stands behind it then.
enum HeadWrittenOut: JobRule {
    static let name = "head-written-out"

    static func findings(in job: JobUnderReview) -> [JobFinding] {
        let model = job.specification.model
        guard model.family != .sequential, model.task == .classification,
            let last = job.chains.first?.last(where: { !$0.isHead && $0.role != .passing && $0.role != .distribution }),
            last.role == .affine, last.layer.settings["outputs"] == .integer(model.outputs)
        else { return [] }
        return [
            JobFinding(
                path: last.path,
                message: "this looks like the head, \(model.outputs) outputs for \(model.outputs) classes, but the "
                    + "family \(model.family.rawValue) adds its head by itself: leave this layer out")
        ]
    }
}
