import NeuralNetworks

/// Two layers of weights with nothing but weights between them compute no more than one of them could.
enum LinearWithoutActivation: JobRule {
    static let name = "no-activation-between"

    static func findings(in job: JobUnderReview) -> [JobFinding] {
        job.chains.flatMap(findings(along:))
    }

    private static func findings(along chain: [PlacedLayer]) -> [JobFinding] {
        var findings: [JobFinding] = []
        var before: PlacedLayer?
        for layer in chain where layer.role != .passing {
            if layer.role == .affine, let before, before.role == .affine {
                let next = layer.isHead ? "the head" : "the \(layer.kind) at \(layer.path)"
                findings.append(
                    JobFinding(
                        path: before.path,
                        message: "no activation between this \(before.kind) and \(next): together they are no more "
                            + "than one linear layer; put one between them, such as relu"))
            }
            before = layer
        }
        return findings
    }
}
