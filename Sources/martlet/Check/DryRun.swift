import Datasets
import Digests
import Foundation
import NeuralNetworks
import Explanations
import Tensors
import Training

/// `martlet train --dry-run`: what a job is and takes, and what is doubtful about it.
struct DryRun {
    let check: JobCheck
    private let data: DataCheck.Outcome
    private let base: BaseCheck
    private let estimate: JobEstimate

    /// What scripts get.
    struct Result: Encodable {
        struct Layer: Encodable {
            var path: String
            var kind: String
            var shape: [Int]
            var parameters: Int
            var flops: Int
        }

        var specification: JobSpecification
        var layers: [Layer]
        var estimate: JobEstimate
        var warnings: [String]
        /// What the job would be refused for: of its data, and of what its model starts from.
        var dataProblems: [String]
    }

    /// Reads the data if that can be done from here.
    ///
    /// - Parameter coordinatorIsHere: the job's coordinator runs on this machine, so it has no other files.
    init(_ check: JobCheck, coordinatorIsHere: Bool = false) throws {
        self.check = check
        data = try DataCheck.run(check.specification, coordinatorIsHere: coordinatorIsHere)
        base = BaseCheck(check.specification.model, network: check.network)
        let facts: DataFacts? = if case .sound(_, let facts) = data { facts } else { nil }
        estimate = check.estimate(data: facts)
    }

    /// What the job would be refused for.
    var problems: [String] {
        var problems: [String] = []
        if case .refused(let reason) = base { problems.append(check.located(reason, at: "model.base")) }
        switch data {
        case .problems(let report): problems += check.lines(of: report)
        case .absent(let key, let reason): problems.append(check.located(reason, at: key))
        case .unreadable, .sound: break
        }
        return problems
    }

    var result: Result {
        Result(
            specification: check.specification,
            layers: check.network.trace.map {
                Result.Layer(
                    path: $0.path, kind: $0.kind, shape: $0.outputShape, parameters: $0.parameterCount,
                    flops: $0.work.forward)
            }, estimate: estimate, warnings: warnings, dataProblems: problems)
    }

    func lines() -> [String] {
        modelLines() + [""] + costLines() + [""] + dataLines() + base.lines() + [""]
            + (warnings.isEmpty ? ["no warnings"] : warnings.map { "warning: \($0)" })
    }

    /// Of the rules, and what is odd about the data.
    private var warnings: [String] {
        guard case .sound(let plan, let facts) = data else {
            var warnings = check.warnings(data: nil)
            if case .unreadable(let key, let reason) = data {
                warnings.append(check.located("\(reason); the data was not looked at", at: key))
            }
            return warnings + base.warnings
        }
        return check.warnings(data: facts) + (plan.notes ?? []).map { "data: \($0)" }
            + check.specification.unmeasured(on: plan).map { check.located($0.message, at: $0.key) } + base.warnings
    }

    /// The shapes through the layers.
    private func modelLines() -> [String] {
        let columns: [TextTable.Column] = [
            .init("LAYER"), .init("KIND"), .init("OUTPUT"), .init("PARAMETERS", .right), .init("FLOPS/ROW", .right),
        ]
        let first = ["input", "", Self.shape(check.specification.model.input), "", ""]
        let rows = check.network.trace.map { layer in
            [
                String(repeating: "  ", count: layer.depth) + layer.path, layer.kind, Self.shape(layer.outputShape),
                layer.parameterCount == 0 ? "-" : Figures.grouped(layer.parameterCount),
                layer.isFused || layer.work.forward == 0 ? "-" : Figures.count(Double(layer.work.forward)),
            ]
        }
        return TextTable(columns: columns, rows: [first] + rows).lines()
    }

    private func costLines() -> [String] {
        var batch = estimate.batchSize.map { counted($0, "row") } ?? "all training rows"
        batch += " in \(counted(estimate.slices, "slice")), up to \(counted(estimate.rowsAtOnce, "row")) at once, "
        batch += "on \(counted(check.specification.train.workers, "worker"))"
        if estimate.accumulation > 1 { batch += "; \(estimate.accumulation) batches a step" }
        let step = estimate.flopsPerStep.map { Figures.count(Double($0)) } ?? "as many as the rows need"
        return [
            "parameters  \(Figures.grouped(estimate.parameters))",
            "memory      \(Figures.bytes(UInt64(estimate.stateBytes))) of parameters, gradients and optimizer, "
                + "\(Figures.bytes(UInt64(estimate.activationBytes))) of values, on each worker",
            "step        \(step) floating-point operations, forward and backward", "batch       \(batch)",
        ]
    }

    private func dataLines() -> [String] {
        switch data {
        case .unreadable: return ["data        not looked at: \(check.specification.data.path)"]
        case .absent: return ["data        \(check.specification.data.path) is not there"]
        case .problems: return ["data        \(check.specification.data.path) has problems"]
        case .sound(let plan, _):
            return [
                "data        \(counted(plan.rows, isText ? "window" : "row")), SHA-256 \(plan.digest.short)\(windows(plan)): "
                    + "\(plan.trainingRows) training, "
                    + "\(plan.validationRows) validation, \(plan.testRows) test",
                "epoch       \(counted(estimate.stepsPerEpoch ?? 0, "step")); \(counted(estimate.steps ?? 0, "step")) in "
                    + "\(counted(check.specification.train.epochs, "epoch")) at most",
            ]
        }
    }

    /// A text has no rows: its samples are windows of it.
    private var isText: Bool { check.specification.data.format == .text }

    /// What the parts of a series are of, as they are not its rows.
    private func windows(_ plan: DataPlan) -> String {
        guard let series = check.specification.data.series else { return "" }
        let count = plan.trainingRows + plan.validationRows + plan.testRows
        return "; \(counted(count, "window")) of \(counted(series.window, "row"))"
    }

    private static func shape(_ sides: [Int]) -> String {
        "[\(sides.map(String.init).joined(separator: ", "))]"
    }
}
