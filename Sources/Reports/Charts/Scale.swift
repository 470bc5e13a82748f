import Foundation

/// Maps the values of an axis to places of a drawing, and says where its ticks stand.
struct Scale: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case linear
        /// Powers of ten at equal distances; for positive values over more than an order of magnitude.
        case logarithmic
    }

    let kind: Kind
    let lower: Double
    let upper: Double
    let ticks: [Double]
    /// Of the drawing: where `lower` and `upper` lie.
    let start: Double
    let end: Double

    /// - Parameters:
    ///   - values: what the axis must have room for; those that have no place on it do not count.
    ///   - wholeNumbers: ticks only at whole numbers, such as epochs.
    init(
        fitting values: some Sequence<Double>, from start: Double, to end: Double, kind: Kind = .linear,
        wholeNumbers: Bool = false, roughTicks: Int = 5
    ) {
        let shown = values.filter { Self.hasPlace($0, kind) }
        var low = shown.min() ?? (kind == .linear ? 0 : 1)
        var high = shown.max() ?? (kind == .linear ? 1 : 10)
        if high - low < Self.smallest {
            let room = abs(low) < Self.smallest ? 1 : abs(low) * 0.5
            (low, high) = kind == .logarithmic ? (low / 3, high * 3) : (low - room, high + room)
            if wholeNumbers { (low, high) = (low.rounded(.up), low.rounded(.up) + 1) }
        }
        self.kind = kind
        self.start = start
        self.end = end
        switch kind {
        case .linear:
            let step = Self.step(over: high - low, ticks: roughTicks, wholeNumbers: wholeNumbers)
            if wholeNumbers {
                (lower, upper) = (low, high)
            } else {
                (lower, upper) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
            }
            let first = (lower / step).rounded(.up)
            let count = max(0, Int(((upper / step).rounded(.down) - first).rounded()))
            ticks = (0...count).map { (first + Double($0)) * step }
        case .logarithmic:
            (lower, upper) = (low, high)
            ticks = Self.logarithmicTicks(from: low, to: high)
        }
    }

    /// What is larger, or differs by less, leaves no room for the arithmetic of an axis.
    private static let largest = 1e300
    private static let smallest = 1e-300

    private static func hasPlace(_ value: Double, _ kind: Kind) -> Bool {
        abs(value) < largest && (kind == .linear || value > smallest)
    }

    /// Nil for a value that has no place on the axis.
    func place(_ value: Double) -> Double? {
        guard Self.hasPlace(value, kind) else { return nil }
        let share =
            switch kind {
            case .linear: (value - lower) / (upper - lower)
            case .logarithmic: (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
            }
        return start + share * (end - start)
    }

    /// 1, 2 or 5 times a power of ten.
    private static func step(over span: Double, ticks: Int, wholeNumbers: Bool) -> Double {
        let rough = span / Double(max(ticks, 1))
        let power = pow(10, floor(log10(rough)))
        let multiple = [1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10
        let step = multiple * power
        return wholeNumbers ? max(1, step.rounded()) : step
    }

    private static func logarithmicTicks(from low: Double, to high: Double) -> [Double] {
        let powers = (Int(floor(log10(low)))...Int(ceil(log10(high)))).map { pow(10, Double($0)) }
        let multiples: [Double] = powers.count > 4 ? [1] : powers.count > 3 ? [1, 3] : [1, 2, 5]
        let ticks = powers.flatMap { power in multiples.map { $0 * power } }.filter { low <= $0 && $0 <= high }
        guard ticks.count > 9 else { return ticks.isEmpty ? [low, high] : ticks }
        let every = (ticks.count + 7) / 8
        return ticks.enumerated().filter { $0.offset % every == 0 }.map(\.element)
    }
}
