import Cluster
import Foundation
import Reports

extension ComparisonDocument.Run {
    /// Throws what the JSON encoder says of a specification.
    init(_ report: JobReport) throws {
        let status = report.status
        self.init(
            job: status.id, curve: status.curve.map(ReportEpoch.init), metrics: status.metrics,
            settings: try FlatSettings.of(status.specification))
    }
}

/// A value as keys such as `train.stop.patience` with their values, whatever it is made of.
enum FlatSettings {
    /// Throws what the JSON encoder says.
    static func of(_ value: some Encodable) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let object = try JSONSerialization.jsonObject(with: encoder.encode(value), options: .fragmentsAllowed)
        var settings: [String: String] = [:]
        flatten(object, at: "", into: &settings)
        return settings
    }

    private static func flatten(_ value: Any, at path: String, into settings: inout [String: String]) {
        switch value {
        case let mapping as [String: Any]:
            for (key, entry) in mapping { flatten(entry, at: path.isEmpty ? key : "\(path).\(key)", into: &settings) }
        case let list as [Any] where list.contains { $0 is [String: Any] }:
            for (index, entry) in list.enumerated() { flatten(entry, at: "\(path)[\(index)]", into: &settings) }
        case let list as [Any]: settings[path] = "[" + list.map { "\($0)" }.joined(separator: ", ") + "]"
        default: settings[path] = "\(value)"
        }
    }
}
