import Datasets
import Foundation
import NeuralNetworks
import StrictYAML
import Training

/// A job file with what the command line changes, checked before it is submitted.
struct JobCheck {
    let specification: JobSpecification
    /// The file's text, and behind it as comments what the command line changes.
    let source: String
    let network: Network
    private let places: YAMLPlaces

    /// Throws everything that is wrong with the file at once.
    init(file: String, overrides: [String] = [], workers: Int? = nil) throws {
        let read = try JobFile.source(URL(argument: file))
        let overrides = JobFile.overrides(overrides, workers: workers)
        specification = try JobFile.load(read, overrides: overrides)
        source = Self.annotated(read.text, overrides: overrides)
        network = try Network(specification.model)
        places = YAMLPlaces(text: read.text, file: file, overrides: overrides)
    }

    private static func annotated(_ text: String, overrides: [YAMLOverride]) -> String {
        guard !overrides.isEmpty else { return text }
        let lines = overrides.map { "#   \($0.setting.replacing("\n", with: " "))" }
        return ([text, "# changed on the command line:"] + lines).joined(separator: "\n") + "\n"
    }

    /// What the rules find, each with its place in the job file.
    ///
    /// - Parameter data: nil where the data was not read.
    func warnings(data: DataFacts?) -> [String] {
        JobValidation.warnings(for: specification, data: data).map { warning in
            "\(places.prefix(of: written(warning.path))): \(warning.message)"
        }
    }

    /// The key as it stands in the file: families put a flatten between layers where none is written, and what comes
    /// behind it counts one less there.
    private func written(_ path: String) -> String {
        let layers = specification.model.layers
        guard places.count(of: "model.layers") == layers.count - 1,
            let flatten = layers.firstIndex(of: .flatten),
            let match = path.prefixMatch(of: /model\.layers\[(\d+)\]/), let index = Int(match.1), index > flatten
        else { return path }
        return "model.layers[\(index - 1)]\(path[match.range.upperBound...])"
    }

    func estimate(data: DataFacts?) -> JobEstimate {
        JobEstimate(of: specification, network: network, trainingRows: data?.trainingRows)
    }

    /// What is wrong with the data; where a key of the job file is in question, with its place.
    func lines(of report: DatasetReport) -> [String] {
        report.lines { places.prefix(of: $0) }
    }

    func located(_ problem: String, at key: String) -> String {
        "\(places.prefix(of: key)): \(problem.drop { $0 == " " })"
    }
}
