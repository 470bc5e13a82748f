import Cluster
import Foundation
import NeuralNetworks
import StrictYAML
import Training

/// A job file with what the command line changes, checked before it is submitted.
struct JobCheck {
    let specification: JobSpecification
    /// The file's text.
    let source: String
    let network: Network
    let outline: NetworkOutline
    private let places: YAMLPlaces

    /// Throws everything that is wrong with the file at once.
    init(file: String, overrides: [String] = [], workers: Int? = nil) throws {
        let url = URL(filePath: file)
        let overrides = overrides + (workers.map { ["train.workers=\($0)"] } ?? [])
        specification = try JobFile.load(url, overrides: overrides)
        source = try String(contentsOf: url, encoding: .utf8)
        network = try Network(specification.model)
        outline = try Network.outline(of: specification.model)
        places = YAMLPlaces(text: source, file: file, overrides: overrides)
    }

    /// What the rules find, each with its place in the job file.
    ///
    /// - Parameter data: nil where the data was not read.
    func warnings(data: DataFacts?) -> [String] {
        JobValidation.warnings(for: specification, outline: outline, data: data).map { warning in
            "\(places.prefix(of: warning.path)): \(warning.message)"
        }
    }

    func estimate(data: DataFacts?) -> JobEstimate {
        JobEstimate(of: specification, network: network, outline: outline, trainingRows: data?.trainingRows)
    }

    /// A problem of the data with the place of the key that it names first, if it names one.
    func located(_ problem: String) -> String {
        let keys = problem.matches(of: /\b(?:model|data|train|evaluate)(?:\.[a-z_]+)+/).map { String($0.0) }
        return keys.first.map { "\(places.prefix(of: $0)): \(problem)" } ?? problem
    }
}
