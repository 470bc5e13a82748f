import ClusterProtocol
import NeuralNetworks
import Checkpoints
import JobProtocol
import Datasets
import Digests
import Foundation
import Reports
import Explanations
import Training

extension ReportDocument {
    /// What the page of a job shows.
    init(_ report: JobReport) {
        let status = report.status
        self.init(
            job: status.id, state: status.state.rawValue + (status.detail.isEmpty ? "" : ": \(status.detail)"))
        summary = Self.summary(report)
        warnings = status.warnings
        curve = status.curve.map(ReportEpoch.init)
        metrics = status.metrics.sorted { $0.key < $1.key }.map { Fact($0.key, Figures.metric($0.value)) }
        gate = status.specification.evaluate.gate.map { bound in
            let value = status.metrics[bound.metric.rawValue]
            return GateFigure(
                metric: bound.metric.rawValue, bound: "\(bound.comparison.rawValue) \(bound.value)", value: value,
                passed: value.map(bound.holds) ?? false)
        }
        if status.metrics.isEmpty { gate = [] }
        if let evaluation = report.evaluation {
            confusion = evaluation.confusion.map { ConfusionMatrix(classes: evaluation.classes, counts: $0) }
            mistakes = Mistakes(evaluation, task: status.specification.model.task)
        }
        jobFile = report.source
        data = Self.data(report)
        environment = Self.environment(report)
        provenance = Self.provenance(report)
    }

    private static func summary(_ report: JobReport) -> [Fact] {
        let status = report.status
        var facts = status.specification.evaluate.metrics.prefix(3).compactMap { metric in
            status.metrics[metric.rawValue].map { Fact("test \(metric.rawValue)", Figures.metric($0)) }
        }
        if let last = status.curve.last {
            facts.append(Fact("training loss", Figures.short(last.trainingLoss)))
            facts.append(Fact("epochs, \(counted(last.step, "step"))", "\(last.epoch)"))
        }
        if let started = status.started, let ended = status.ended {
            facts.append(Fact("time", Figures.duration(seconds: max(0, ended.timeIntervalSince(started)))))
        }
        return facts
    }

    private static func data(_ report: JobReport) -> [Fact] {
        let data = report.status.specification.data
        var facts = [Fact("file", data.path), Fact("format", data.format.rawValue)]
        if !data.targets.isEmpty { facts.append(Fact("target", data.targets.joined(separator: ", "))) }
        if let summary = report.data {
            facts += [
                Fact("SHA-256", summary.digest.description), Fact("rows", "\(summary.rows)"),
                Fact("training part", counted(summary.trainingRows, "row")),
                Fact("validation part", counted(summary.validationRows, "row")),
                Fact("test part", counted(summary.testRows, "row")), Fact("inputs of a row", "\(summary.inputs)"),
            ]
            facts += (summary.notes ?? []).map { Fact("note", $0) }
        }
        return facts
    }

    private static func environment(_ report: JobReport) -> [Fact] {
        let train = report.status.specification.train
        var facts = [Fact("workers asked for", "\(train.workers)"), Fact("slices of a batch", "\(train.slices)")]
        for machine in report.evaluation?.machines ?? [] {
            facts.append(
                Fact(
                    machine.worker,
                    "\(machine.host): \(machine.processor), \(machine.cores) cores, "
                        + "\(Figures.bytes(machine.memoryBytes)); \(machine.system); Martlet \(machine.version)"))
        }
        return facts
    }

    private static func provenance(_ report: JobReport) -> [Fact] {
        let status = report.status
        var facts = [Fact("submitted", status.submitted.formatted(.iso8601))]
        if let started = status.started { facts.append(Fact("started", started.formatted(.iso8601))) }
        if let ended = status.ended { facts.append(Fact("ended", ended.formatted(.iso8601))) }
        facts.append(Fact("generations", "\(status.generation)"))
        guard let version = report.version else { return facts }
        facts += [
            Fact("version", "\(status.name):\(version.version)"), Fact("manifest", version.manifest.description),
        ]
        facts += version.details.files.map { Fact($0.name, $0.digest.description) }
        facts += [
            Fact("best epoch", "\(version.details.epoch)"), Fact("seed", "\(version.details.seed)"),
            Fact("Martlet", version.details.codeVersion),
        ]
        return facts
    }
}
