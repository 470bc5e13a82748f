/// Curves over a common axis, with their newest values beside their names.
struct LineChart {
    var title: String
    var xName: String
    var series: [Series]

    /// More points than pixels say nothing more.
    static let pointLimit = 400
    /// A point is marked, and tells its value to the mouse, where the points are this few.
    static let markLimit = 60
    /// Colours of the page's style; a chart has no more curves.
    static let colours = 8

    var node: Node {
        let shown = series.prefix(Self.colours).map { ($0.name, $0.thinned(to: Self.pointLimit)) }
        let values = shown.flatMap { $0.1.map(\.y) }
        let x = Scale(
            fitting: shown.flatMap { $0.1.map(\.x) }, from: Frame.horizontal.start, to: Frame.horizontal.end,
            wholeNumbers: true, roughTicks: 6)
        let kind = Self.kind(for: values)
        // A logarithmic axis has no zero to stand on: its lowest point keeps clear of the line below.
        let room = kind == .logarithmic ? 6.0 : 0
        let y = Scale(
            fitting: values, from: Frame.vertical.start - room, to: Frame.vertical.end + room, kind: kind)
        var drawing: [Node] = []
        for (index, (name, points)) in shown.enumerated() {
            drawing += Self.curve(points, name: name, colour: index, x: x, y: y)
        }
        return .tag(
            "figure", [],
            [
                .tag("h3", text: y.kind == .logarithmic ? "\(title) (logarithmic)" : title), legend,
                Frame.svg(x: x, y: y, xName: xName, title: title, content: drawing),
            ])
    }

    private var legend: Node {
        let entries = series.prefix(Self.colours).enumerated().map { index, series in
            Node.tag(
                "span", [.class("key")],
                [
                    .tag("span", [.class("swatch b\(index)")]), .text(" \(series.name) "),
                    .tag("b", text: series.last.map(Figure.short) ?? "-"),
                ])
        }
        return .tag("p", [.class("legend")], entries)
    }

    /// Losses that fall by orders of magnitude are seen on a logarithmic axis only.
    static func kind(for values: [Double]) -> Scale.Kind {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), low > 0, high / low >= 30 else { return .linear }
        return .logarithmic
    }

    private static func curve(_ points: [Series.Point], name: String, colour: Int, x: Scale, y: Scale) -> [Node] {
        var path = ""
        var penIsDown = false
        var marks: [Node] = []
        for point in points {
            guard let across = x.place(point.x), let up = y.place(point.y) else {
                penIsDown = false
                continue
            }
            path += "\(penIsDown ? "L" : "M")\(Figure.coordinate(across)) \(Figure.coordinate(up))"
            penIsDown = true
            if points.count <= markLimit {
                marks.append(
                    .tag(
                        "circle",
                        [
                            .class("b\(colour)"), Attribute("cx", across), Attribute("cy", up), Attribute("r", 2.5),
                        ], [.tag("title", text: "\(name), \(Figure.tick(point.x)): \(Figure.short(point.y))")]))
            }
        }
        return [.tag("path", [.class("curve c\(colour)"), Attribute("d", path.isEmpty ? "M0 0" : path)])] + marks
    }
}
