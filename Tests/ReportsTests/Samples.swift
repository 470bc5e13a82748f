@testable import Reports

extension ReportDocument {
    /// A document with everything in it; `name` stands wherever a name can come from a job or its data.
    static func example(named name: String = "digits-1", epochs: Int = 5) -> ReportDocument {
        var document = ReportDocument(job: name, state: "finished (\(name))")
        document.summary = [Fact("accuracy", "0.9812"), Fact(name, name)]
        document.warnings = [name]
        document.curve = (1...epochs).map { epoch in
            ReportEpoch(
                epoch: epoch, step: epoch * 10, trainingLoss: 2 / Double(epoch), validationLoss: 2.2 / Double(epoch),
                learningRate: 0.001, gradientNorm: 1, metrics: ["accuracy": 0.9, name: 4],
                time: ["data", "forward", "backward", "communication", "update"].map { TimeShare($0, seconds: 0.02) })
        }
        document.metrics = [Fact(name, "0.9")]
        document.gate = [GateFigure(metric: name, bound: ">= 0.97", value: 0.98, passed: true)]
        document.confusion = ConfusionMatrix(classes: [name, "b"], counts: [[9, 1], [0, 5]])
        document.mistakes = Mistakes(
            caption: name,
            samples: [
                Mistakes.Sample(
                    content: .picture(Picture(channels: 1, height: 2, width: 3, pixels: [0, 50, 100, 150, 200, 255])!),
                    label: name, prediction: name, probability: 0.9, loss: 3),
                Mistakes.Sample(
                    content: .values([Fact(name, name)]), label: "a", prediction: "b", probability: nil, loss: 2),
            ])
        document.jobFile = "name: \(name)\n"
        document.data = [Fact(name, name)]
        document.environment = [Fact(name, name)]
        document.provenance = [Fact(name, name)]
        return document
    }
}

extension ComparisonDocument {
    static func example(names: [String] = ["digits-1", "digits-2"]) -> ComparisonDocument {
        ComparisonDocument(
            runs: names.enumerated().map { index, name in
                Run(
                    job: name, curve: ReportDocument.example(epochs: 4 + index).curve,
                    metrics: ["accuracy": 0.9 + Double(index) / 100],
                    settings: ["train.epochs": "\(4 + index)", "train.seed": "7", "data.path": name])
            })
    }
}
