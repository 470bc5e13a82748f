/// Gathers the profile of one column: a first pass for what a second one needs to know, its histogram.
struct ColumnProfiler {
    static let maximumDistinct = 10_000
    static let bins = 20
    private static let topCount = 10

    let name: String
    private var moments = RunningMoments()
    private var sketch = QuantileSketch()
    private var missing = 0
    private var texts = 0
    private var dates = 0
    /// Texts that are numbers but for how they are written, and the first of them.
    private var writtenNumbers = 0
    private var writtenNumber = ""
    private var values: [String: Int] = [:]
    private var overflowed = false
    private var counts = [Int](repeating: 0, count: Self.bins)

    init(name: String) {
        self.name = name
    }

    mutating func add(_ cell: UnsafeRawBufferPointer, isQuoted: Bool = false) {
        let cell = cell.trimmed
        switch CellValue(cell, isText: isQuoted) {
        case .number(let value): add(value)
        case .missing, .notANumber: missing += 1
        case .infinite, .text:
            texts += 1
            if CalendarDate.days(cell) != nil { dates += 1 }
            if CellValue(cell) == .text, WrittenNumber.isMeant(by: cell) {
                if writtenNumbers == 0 { writtenNumber = cell.excerpt }
                writtenNumbers += 1
            }
            guard !overflowed else { return }
            values[String(decoding: cell, as: UTF8.self), default: 0] += 1
            if values.count > Self.maximumDistinct { overflowed = true }
        }
    }

    mutating func add(_ value: Double) {
        guard value.isFinite else {
            missing += 1
            return
        }
        moments.add(value)
        sketch.add(value)
    }

    /// Second pass.
    mutating func addToHistogram(_ value: Double) {
        guard value.isFinite, moments.count > 0 else { return }
        // Halves, since the distance of two numbers may be beyond the largest one.
        let width = moments.maximum / 2 - moments.minimum / 2
        let bin = width > 0 ? Int((value / 2 - moments.minimum / 2) / width * Double(Self.bins)) : 0
        counts[min(max(bin, 0), Self.bins - 1)] += 1
    }

    /// Whether it has a place among the correlations.
    var isNumber: Bool { moments.count > 0 && texts == 0 }
    var mean: Double { moments.mean }

    /// What is odd about its texts: that they are numbers but for how they are written.
    var note: String? {
        guard moments.count == 0, texts > 0, writtenNumbers == texts, dates < texts else { return nil }
        return
            "column '\(name)' holds numbers written as '\(writtenNumber)', which are read as texts: write them without "
            + "separators and signs"
    }

    private var kind: DatasetProfile.Kind {
        switch (moments.count, texts) {
        case (0, 0): .empty
        case (0, _): dates == texts ? .date : .text
        case (_, 0): .number
        default: .mixed
        }
    }

    mutating func finish() -> DatasetProfile.Column {
        var numbers: DatasetProfile.Numbers?
        if moments.count > 0 {
            let quantiles = DatasetProfile.shares.compactMap { share in
                sketch.quantile(share).map { DatasetProfile.Quantile(share: share, value: $0) }
            }
            numbers = DatasetProfile.Numbers(
                count: moments.count, mean: moments.mean, deviation: moments.deviation, minimum: moments.minimum,
                maximum: moments.maximum, quantiles: quantiles, isExact: sketch.isExact,
                histogram: .init(low: moments.minimum, high: moments.maximum, counts: counts))
        }
        let top = values.sorted { a, b in a.value == b.value ? ClassNames.utf8Order(a.key, b.key) : a.value > b.value }
        return DatasetProfile.Column(
            name: name, kind: kind, count: moments.count + texts, missing: missing,
            distinct: overflowed || moments.count > 0 ? nil : values.count, numbers: numbers,
            top: top.prefix(Self.topCount).map { .init(value: String($0.key.prefix(80)), count: $0.value) })
    }
}

/// Sums for the correlations of some columns, each less its mean so that no digits are lost.
struct CorrelationSums {
    static let maximumColumns = 40

    private let means: [Double]
    /// By pair: rows, sums, products.
    private var sums: [(n: Double, x: Double, y: Double, xx: Double, yy: Double, xy: Double)]

    init(means: [Double]) {
        self.means = means
        sums = [(Double, Double, Double, Double, Double, Double)](
            repeating: (0, 0, 0, 0, 0, 0), count: means.count * means.count
        ).map { (n: $0.0, x: $0.1, y: $0.2, xx: $0.3, yy: $0.4, xy: $0.5) }
    }

    /// A row; NaN where a column has no number.
    mutating func add(_ row: [Double]) {
        for first in means.indices where !row[first].isNaN {
            let x = row[first] - means[first]
            for second in first + 1..<means.count where !row[second].isNaN {
                let y = row[second] - means[second]
                let place = first * means.count + second
                sums[place].n += 1
                sums[place].x += x
                sums[place].y += y
                sums[place].xx += x * x
                sums[place].yy += y * y
                sums[place].xy += x * y
            }
        }
    }

    func values() -> [[Double?]] {
        means.indices.map { row in
            means.indices.map { column in
                guard row != column else { return 1 }
                let sum = sums[min(row, column) * means.count + max(row, column)]
                let varianceX = sum.xx - sum.x * sum.x / sum.n
                let varianceY = sum.yy - sum.y * sum.y / sum.n
                guard sum.n > 1, varianceX > 0, varianceY > 0 else { return nil }
                return min(max((sum.xy - sum.x * sum.y / sum.n) / (varianceX * varianceY).squareRoot(), -1), 1)
            }
        }
    }
}
