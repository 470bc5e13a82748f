import Datasets
import Explanations
import Foundation

/// The profile of a data file as text.
enum ProfileView {
    static func lines(_ profile: DatasetProfile, width: Int?) -> [String] {
        var lines = [
            "\(profile.file): \(counted(profile.rows, "row")), \(counted(profile.columns.count, "column")), "
                + "\(Figures.bytes(UInt64(profile.bytes))), SHA-256 \(profile.digest.prefix(12))"
        ]
        lines += profile.notes
        let titles = ["mean", "std", "min", "25%", "50%", "75%", "max"]
        let table = TextTable(
            columns: [.init("COLUMN"), .init("KIND"), .init("COUNT", .right), .init("MISSING", .right)]
                + titles.map { .init($0.uppercased(), .right) } + [.init("VALUES")],
            rows: profile.columns.map(row))
        lines += [""] + table.lines(width: width)
        if let correlations = profile.correlations { lines += [""] + strongest(correlations) }
        return lines
    }

    private static func row(_ column: DatasetProfile.Column) -> [String] {
        let figures = column.numbers?.summary.map { String(format: "%.4g", $0) } ?? [String](repeating: "", count: 7)
        let values =
            column.numbers.map { bars($0.histogram) }
            ?? column.top.map { "\($0.value) (\($0.count))" }.joined(separator: ", ")
        return [column.name, column.kind.rawValue, "\(column.count)", "\(column.missing)"] + figures + [values]
    }

    /// A histogram in one line.
    private static func bars(_ histogram: DatasetProfile.Histogram) -> String {
        let blocks = Array(" ▁▂▃▄▅▆▇█")
        let highest = max(histogram.counts.max() ?? 1, 1)
        return String(
            histogram.counts.map { count in
                blocks[count == 0 ? 0 : max(1, count * (blocks.count - 1) / highest)]
            })
    }

    /// The ten strongest correlations.
    private static func strongest(_ correlations: DatasetProfile.Correlations) -> [String] {
        var pairs: [(names: String, value: Double)] = []
        for first in correlations.names.indices {
            for second in correlations.names.indices where second > first {
                guard let value = correlations.values[first][second] else { continue }
                pairs.append(("\(correlations.names[first]) and \(correlations.names[second])", value))
            }
        }
        pairs.sort { (abs($1.value), $0.names) < (abs($0.value), $1.names) }
        guard !pairs.isEmpty else { return [] }
        return ["strongest correlations:"]
            + pairs.prefix(10).map { "  \(String(format: "%+.3f", $0.value))  \($0.names)".escapingControls() }
    }
}
