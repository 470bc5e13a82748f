import Checkpoints
import ClusterProtocol
import Digests
import Foundation

/// `martlet models` and `martlet model show`.
enum ModelsView {
    static func lines(_ models: [ModelStatus], width: Int?) -> [String] {
        let columns: [TextTable.Column] = [
            .init("MODEL"), .init("LATEST", .right), .init("ALIASES"), .init("GATE OF LATEST"),
        ]
        let rows = models.map { model in
            let latest = model.versions.max { $0.version < $1.version }
            return [
                model.name, latest.map { String($0.version) } ?? "-", aliasText(model.aliases),
                latest.map { gateText($0.gate) } ?? "-",
            ]
        }
        return TextTable(columns: columns, rows: rows).lines(width: width)
    }

    /// All versions of one model, newest first.
    static func versionLines(_ model: ModelStatus, width: Int?) -> [String] {
        let columns: [TextTable.Column] = [
            .init("VERSION", .right), .init("DIGEST"), .init("JOB"), .init("EPOCH", .right), .init("ALIASES"),
            .init("REPLICAS", .right), .init("GATE"),
        ]
        let rows = model.versions.sorted { $0.version > $1.version }.map { version in
            [
                String(version.version), version.manifest.short, version.details.job, String(version.details.epoch),
                aliasText(model.aliases.filter { $0.value == version.version }),
                version.replicas.isEmpty ? "-" : "\(version.replicas.count) ready", gateText(version.gate),
            ]
        }
        return ["model \(model.name)", ""] + TextTable(columns: columns, rows: rows).lines(width: width)
    }

    /// One version with all that is known of it.
    static func lines(_ version: ModelStatus.Version, of model: ModelStatus) -> [String] {
        let details = version.details
        var lines = [
            "model     \(model.name):\(version.version)",
            "digest    \(version.manifest)",
            "aliases   \(aliasText(model.aliases.filter { $0.value == version.version }))",
            "replicas  \(version.replicas.isEmpty ? "none" : version.replicas.joined(separator: ", "))",
            "job       \(details.job) (epoch \(details.epoch), step \(details.step), seed \(details.seed))",
            "data      \(details.data)",
            "made by   martlet \(details.codeVersion)",
            "parent    \(details.parent.map(\.description) ?? "none")",
        ]
        lines += details.files.map { "file      \($0.name)  \(Figures.bytes(UInt64(max(0, $0.bytes))))  \($0.digest)" }
        lines += details.interface.inputs.map { "input     \($0.name)  \($0.datatype)  \($0.shape)" }
        lines += details.interface.outputs.map { "output    \($0.name)  \($0.datatype)  \($0.shape)" }
        lines += ["", "test set"] + JobView.metricLines(details.metrics)
        lines += ["", "gate \(version.gate.passed ? "passed" : "failed")"] + version.gate.figures.map { "  \($0)" }
        return lines
    }

    static func aliasText(_ aliases: [String: Int]) -> String {
        aliases.isEmpty
            ? "-" : aliases.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    static func gateText(_ gate: ModelStatus.GateResult) -> String {
        let figures = gate.figures.joined(separator: "; ")
        return "\(gate.passed ? "passed" : "failed")\(figures.isEmpty ? "" : ": \(figures)")"
    }
}
