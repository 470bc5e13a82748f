import ArgumentParser
import Datasets
import Files
import Foundation
import Training

struct DatasetCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prepare the data of a job as the coordinator would, and show what becomes of it.",
        discussion: """
            Examples:
              martlet dataset check examples/digits-cnn/job.yaml
              martlet dataset check examples/gpt-text/job.yaml --tokenizer tokenizer.json

            Needs no cluster, and leaves nothing behind but what is asked for. Shows every problem of the data, the rows \
            of each part, the inputs, and rows that are in the training part and in another one too. Ends with 0 if a job \
            could learn from the data.
            """)

    @Argument(
        help: "The job file; - is standard input.", completion: .file(extensions: ["yaml", "yml"]),
        transform: HomeFolder.expand)
    var jobFile: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Another value for a key of the job file, such as data.split.stratify=true; may be given again.",
            valueName: "key=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write the tokenizer, trained on the training part, as Hugging Face's library reads it.",
            valueName: "tokenizer.json"), completion: .file(extensions: ["json"]),
        transform: HomeFolder.expand)
    var tokenizer: String?

    @OptionGroup var output: Output

    func run() throws {
        let check = try JobCheck(file: jobFile, overrides: settings)
        let plan: DataPlan
        do {
            // What the shards hold is of no interest, only that they can be made.
            plan = try SignOfLife.during("reads \(check.specification.data.path)") {
                try DatasetPlanner(of: check.specification).plan(into: DiscardedShards())
            }
        } catch let report as DatasetReport {
            throw CommandFailure(check.lines(of: report).joined(separator: "\n"))
        }
        if let tokenizer { try OutputFile.write([UInt8](try Self.tokenizer(of: plan)), to: tokenizer) }
        let summary = DataPlanSummary(plan)
        try output.show(summary, lines: summary.lines())
    }

    private static func tokenizer(of plan: DataPlan) throws -> Data {
        guard case .text(let text) = plan.preprocessing.form, case .pairs(let pairs) = text.tokenizer else {
            throw CommandFailure("the job has no tokenizer of byte pairs: set data.text.tokenizer to bpe")
        }
        return try pairs.huggingFace()
    }
}
