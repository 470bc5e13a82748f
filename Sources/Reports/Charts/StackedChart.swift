/// Bars cut into parts, such as what the time of a step went into.
struct StackedChart {
    struct Bar: Sendable, Equatable {
        var x: Double
        /// As many as there are names.
        var parts: [Double]
    }

    var title: String
    var xName: String
    var names: [String]
    var bars: [Bar]
    /// How a value reads.
    var format: @Sendable (Double) -> String

    /// Narrower bars cannot be told apart; neighbours are averaged.
    static let barLimit = 60

    var node: Node {
        let bars = Self.merged(bars)
        let x = Scale(
            fitting: bars.map(\.x), from: Frame.horizontal.start + 8, to: Frame.horizontal.end - 8,
            wholeNumbers: true, roughTicks: 6)
        let y = Scale(
            fitting: [0] + bars.map { $0.parts.reduce(0, +) }, from: Frame.vertical.start, to: Frame.vertical.end)
        let room = (Frame.horizontal.end - Frame.horizontal.start - 16) / Double(max(bars.count, 2))
        let drawing = bars.flatMap { rectangles($0, width: max(1, room * 0.8), x: x, y: y) }
        return .tag(
            "figure", [],
            [
                .tag("h3", text: title), legend(bars),
                Frame.svg(x: x, y: y, xName: xName, title: title, content: drawing),
            ])
    }

    private func rectangles(_ bar: Bar, width: Double, x: Scale, y: Scale) -> [Node] {
        guard let middle = x.place(bar.x) else { return [] }
        var nodes: [Node] = []
        var sum = 0.0
        for (index, part) in bar.parts.enumerated() where part > 0 && part.isFinite {
            guard let low = y.place(sum), let high = y.place(sum + part) else { continue }
            sum += part
            nodes.append(
                .tag(
                    "rect",
                    [
                        .class("b\(index % LineChart.colours)"), Attribute("x", middle - width / 2),
                        Attribute("y", high), Attribute("width", width), Attribute("height", low - high),
                    ],
                    [.tag("title", text: "\(names[index]), \(xName) \(Figure.tick(bar.x)): \(format(part))")]))
        }
        return nodes
    }

    /// Names with their shares of the whole.
    private func legend(_ bars: [Bar]) -> Node {
        let sums = names.indices.map { index in bars.reduce(0) { $0 + $1.parts[index] } }
        let whole = sums.reduce(0, +)
        let entries = names.indices.map { index in
            Node.tag(
                "span", [.class("key")],
                [
                    .tag("span", [.class("swatch b\(index % LineChart.colours)")]), .text(" \(names[index]) "),
                    .tag("b", text: whole > 0 ? Figure.percent(sums[index] / whole) : "-"),
                ])
        }
        return .tag("p", [.class("legend")], entries)
    }

    static func merged(_ bars: [Bar]) -> [Bar] {
        guard bars.count > barLimit else { return bars }
        let size = (bars.count + barLimit - 1) / barLimit
        return stride(from: 0, to: bars.count, by: size).map { start in
            let group = bars[start..<min(start + size, bars.count)]
            let sums = group.first!.parts.indices.map { part in group.reduce(0) { $0 + $1.parts[part] } }
            return Bar(x: group.first!.x, parts: sums.map { $0 / Double(group.count) })
        }
    }
}
