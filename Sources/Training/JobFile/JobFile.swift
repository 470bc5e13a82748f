import Datasets
public import Foundation
import NeuralNetworks
package import StrictYAML

/// Reads job files: YAML with strict keys, described in docs/job-file.md.
public enum JobFile {
    /// A longer one is not read.
    package static let maximumBytes = YAMLSource.maximumBytes

    /// The job that a file asks for, complete and checked as far as that goes without its data.
    ///
    /// `overrides` are settings such as `train.epochs=5` that win over the file, `workers` over both. A relative path of
    /// the data starts at the folder of the job file, or at the working folder where the file comes through a pipe. Throws `JobFileError` with everything that is wrong.
    public static func load(
        _ url: URL, overrides: [String] = [], workers: Int? = nil
    ) throws(JobFileError) -> JobSpecification {
        try load(source(url), overrides: self.overrides(overrides, workers: workers))
    }

    /// The file's text, for who needs it besides what it says.
    package static func source(_ url: URL) throws(JobFileError) -> YAMLSource {
        do {
            return try YAMLSource(url)
        } catch {
            throw JobFileError(description: error.description)
        }
    }

    /// The same for a file that was read.
    package static func load(
        _ source: YAMLSource, overrides: [YAMLOverride] = []
    ) throws(JobFileError) -> JobSpecification {
        do {
            return try YAMLFile.read(source, overrides: overrides) { job($0, folder: source.folder) }
        } catch {
            throw JobFileError(description: error.description)
        }
    }

    /// What the command line changes, in the order in which it is applied.
    package static func overrides(_ settings: [String], workers: Int?) -> [YAMLOverride] {
        settings.map { YAMLOverride($0) }
            + (workers.map { [YAMLOverride("train.workers", to: "\($0)", by: "--workers")] } ?? [])
    }

    private static func job(_ file: YAMLMapping, folder: URL) -> JobSpecification {
        let name = file.name("name")
        let model =
            file.mapping("model", "a mapping with the family, the input, …") { modelSection($0, folder: folder) }
            ?? ModelSection()
        let data = file.mapping("data", "a mapping with the path, the target, …") {
            dataSection($0, folder: folder)
        }
        let train = file.mapping("train", "a mapping with the optimizer, batch_size, epochs, …") {
            trainSection($0, model: model.specification, task: model.task)
        }
        let evaluate = file.optionalMapping("evaluate") {
            evaluateSection($0, task: model.task, outputs: model.specification?.outputs)
        }
        if let data, data.split.stratify, model.task == .regression {
            file.report("data", "split.stratify needs classes, but the model's task is regression")
        }
        if let data, let task = model.task, file.isSoundSoFar { checkTargets(data, task: task, in: file) }
        if let data, file.isSoundSoFar { checkSource(of: model, data, in: file) }
        if let data, let specification = model.specification { check(data, model: specification, in: file) }
        if let data, let train, let specification = model.specification, file.isSoundSoFar {
            checkAgreement(of: train, model: specification, data: data, in: file)
        }
        return JobSpecification(
            name: name, model: model.specification ?? .standIn, data: data ?? .standIn, train: train ?? .standIn,
            evaluate: evaluate ?? EvaluateSpecification(metrics: defaultMetrics(for: model.task ?? .regression)))
    }
}

/// Everything that is wrong with a job file, one problem a line, each with file, line, column and key.
public struct JobFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}

// Stand-ins for sections that are missing or broken; the file is refused then, so nobody sees them.

extension ModelSpecification {
    fileprivate static var standIn: Self { Self(family: .linear, task: .regression, input: [1], outputs: 1) }
}

extension DataSpecification {
    static var standIn: Self { Self(path: "", target: "", split: .standIn) }
}

extension DataSpecification.Split {
    static var standIn: Self { Self(train: 0.8, test: 0.2) }
}

extension TrainSpecification {
    fileprivate static var standIn: Self {
        Self(optimizer: OptimizerSpecification(name: .sgd, learningRate: 1), batchSize: 1, epochs: 1)
    }
}
