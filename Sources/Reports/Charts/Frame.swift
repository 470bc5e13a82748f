/// The drawing area of a chart with its axes. Sizes are those of a chart of 480 x 250 points, which shrinks with the
/// page.
struct Frame {
    static let width = 480.0
    static let height = 250.0
    static let left = 56.0
    static let right = 14.0
    static let top = 10.0
    static let bottom = 34.0

    static let horizontal = (start: left, end: width - right)
    static let vertical = (start: height - bottom, end: top)

    /// An SVG with axes, their ticks and names, and what is drawn between them.
    static func svg(x: Scale, y: Scale, xName: String, title: String, content: [Node]) -> Node {
        var grid: [Node] = []
        for tick in y.ticks {
            guard let place = y.place(tick) else { continue }
            grid.append(line(left, place, width - right, place, "rule"))
            grid.append(label(Figure.tick(tick), left - 6, place + 4, anchor: "end"))
        }
        for tick in x.ticks {
            guard let place = x.place(tick) else { continue }
            grid.append(line(place, height - bottom, place, height - bottom + 4, "axis"))
            grid.append(label(Figure.tick(tick), place, height - bottom + 17, anchor: "middle"))
        }
        grid.append(line(left, height - bottom, width - right, height - bottom, "axis"))
        grid.append(label(xName, width - right, height - 2, anchor: "end"))
        return .tag(
            "svg",
            [
                Attribute("viewBox", "0 0 \(Figure.coordinate(width)) \(Figure.coordinate(height))"),
                Attribute("role", "img"), Attribute("aria-label", title),
            ], grid + content)
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) -> Node {
        .tag(
            "line",
            [
                .class(kind), Attribute("x1", x1), Attribute("y1", y1), Attribute("x2", x2), Attribute("y2", y2),
            ])
    }

    static func label(_ text: String, _ x: Double, _ y: Double, anchor: String) -> Node {
        .tag("text", [Attribute("x", x), Attribute("y", y), Attribute("text-anchor", anchor)], text: text)
    }
}
