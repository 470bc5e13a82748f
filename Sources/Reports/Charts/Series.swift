/// One curve: its points in order of x. Points that are not finite leave a gap.
package struct Series: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    package var name: String
    package var points: [Point]

    package init(name: String, points: [Point]) {
        self.name = name
        self.points = points
    }

    /// No more than a chart has room for: the extremes of neighbouring points stay, so a spike is never thinned away.
    func thinned(to limit: Int) -> [Point] {
        guard points.count > limit, limit >= 4 else { return points }
        let groups = limit / 2 - 1
        var kept = [points[0]]
        let inner = points.dropFirst().dropLast()
        for group in 0..<groups {
            let range =
                inner.startIndex + group * inner.count / groups..<inner.startIndex + (group + 1) * inner.count / groups
            guard let low = range.min(by: { points[$0].y < points[$1].y }),
                let high = range.max(by: { points[$0].y < points[$1].y })
            else { continue }
            for index in Set([low, high]).sorted() { kept.append(points[index]) }
        }
        kept.append(points[points.count - 1])
        return kept
    }

    var last: Double? { points.last { $0.y.isFinite }?.y }
}
