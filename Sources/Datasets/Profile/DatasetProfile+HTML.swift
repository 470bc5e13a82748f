import Foundation
import Explanations

extension DatasetProfile {
    /// One page that needs nothing else: no script, no font, no picture from anywhere.
    public func html() -> String {
        let name = Self.escaped(URL(filePath: file).lastPathComponent)
        var page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(name)</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1f24 }
            h1 { margin-bottom: 0 } p { color: #57606a; margin-top: .2rem; overflow-wrap: anywhere }
            table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }
            th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #d8dee4; white-space: nowrap }
            th:first-child, td:first-child, .text { text-align: left }
            .missing { color: #b3261e } rect { fill: #3b6ea5 }
            </style></head><body>
            <h1>\(name)</h1>
            <p>\(counted(rows, "row")), \(counted(columns.count, "column")), \(counted(bytes, "byte")) of \(format.rawValue). SHA-256 \(digest)</p>

            """
        for note in notes { page += "<p class=\"missing\">\(Self.escaped(note))</p>\n" }
        page += "<h2>Columns</h2>\n<table><tr><th>column</th><th class=\"text\">kind</th><th>count</th><th>missing</th>"
        page += "<th>mean</th><th>std</th><th>min</th><th>25%</th><th>50%</th><th>75%</th><th>max</th>"
        page += "<th class=\"text\">values</th></tr>\n"
        for column in columns { page += Self.row(column) }
        page += "</table>\n"
        if columns.contains(where: { $0.numbers?.isExact == false }) {
            page += "<p>Quantiles of more than \(QuantileSketch.exactLimit) numbers are estimated by a t-digest.</p>\n"
        }
        if let correlations { page += Self.table(correlations) }
        return page + "</body></html>\n"
    }

    private static func row(_ column: Column) -> String {
        let missing = column.missing > 0 ? " class=\"missing\"" : ""
        var row = "<tr><td>\(escaped(column.name))</td><td class=\"text\">\(column.kind.rawValue)</td>"
        row += "<td>\(column.count)</td><td\(missing)>\(column.missing)</td>"
        if let numbers = column.numbers {
            for value in numbers.summary { row += "<td>\(figure(value))</td>" }
            row += "<td class=\"text\">\(picture(numbers.histogram))</td>"
        } else {
            let texts = column.top.prefix(5).map { "\(escaped($0.value)) (\($0.count))" }.joined(separator: ", ")
            let distinct = column.distinct.map { "\($0) different" } ?? "very many different"
            row += String(repeating: "<td></td>", count: 7) + "<td class=\"text\">\(distinct): \(texts)</td>"
        }
        return row + "</tr>\n"
    }

    private static func picture(_ histogram: Histogram) -> String {
        let highest = max(histogram.counts.max() ?? 1, 1)
        var bars = ""
        for (index, count) in histogram.counts.enumerated() where count > 0 {
            let height = max(1, 30 * count / highest)
            bars += "<rect x=\"\(index * 6)\" y=\"\(30 - height)\" width=\"5\" height=\"\(height)\"/>"
        }
        return "<svg width=\"120\" height=\"30\" role=\"img\" aria-label=\"histogram\">\(bars)</svg>"
    }

    private static func table(_ correlations: Correlations) -> String {
        var table = "<h2>Correlations</h2>\n<table><tr><th></th>"
        for name in correlations.names { table += "<th>\(escaped(name))</th>" }
        table += "</tr>\n"
        for (name, values) in zip(correlations.names, correlations.values) {
            table += "<tr><td>\(escaped(name))</td>"
            for value in values {
                guard let value else {
                    table += "<td></td>"
                    continue
                }
                let colour = value < 0 ? "179,38,30" : "59,110,165"
                let strength = String(format: "%.2f", abs(value) * 0.6)
                table += "<td style=\"background:rgba(\(colour),\(strength))\">\(String(format: "%.2f", value))</td>"
            }
            table += "</tr>\n"
        }
        return table + "</table>\n"
    }

    private static func figure(_ value: Double) -> String { String(format: "%.5g", value) }

    /// Names and cells come from outside.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

extension DatasetProfile.Numbers {
    /// Mean, standard deviation, minimum, quartiles and maximum.
    public var summary: [Double] {
        let quartiles = [0.25, 0.5, 0.75].map { share in quantiles.first { $0.share == share }?.value ?? .nan }
        return [mean, deviation, minimum] + quartiles + [maximum]
    }
}
