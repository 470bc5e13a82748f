extension MetricAccumulator {
    /// Everything counted as plain numbers, for other workers.
    public var values: [Double] {
        [loss.loss, loss.weight, Double(rows)] + labels.values + calibration.values + residuals.flatMap(\.values)
            + (scores.map { [1] + $0.values } ?? [0])
    }

    /// From numbers that another worker gave; nil if they are not what an accumulator of this scope gives. Takes as
    /// many as it needs from the front.
    public init?(_ scope: MetricScope, from values: inout ArraySlice<Double>) {
        self.init(scope)
        var reader = ValueReader(values)
        loss = LossSum(loss: reader.next(), weight: reader.next())
        rows = reader.integer()
        labels.take(&reader)
        calibration.take(&reader)
        for output in residuals.indices { residuals[output].take(&reader) }
        if reader.integer() == 0 { scores = nil } else { scores?.take(&reader) }
        guard reader.isSound else { return nil }
        values = reader.rest
    }
}

/// Takes numbers from the front of a list; gives zeroes once there are too few.
struct ValueReader {
    private(set) var rest: ArraySlice<Double>
    private(set) var isSound = true

    /// Far more than any rows, and so few that sums of the counts of all workers fit into an `Int`.
    private static let counts = 0...1 << 48

    init(_ values: ArraySlice<Double>) {
        rest = values
    }

    mutating func next() -> Double {
        guard let value = rest.popFirst() else {
            isSound = false
            return 0
        }
        return value
    }

    /// A count.
    mutating func integer() -> Int {
        guard let value = Int(exactly: next()), Self.counts.contains(value) else {
            isSound = false
            return 0
        }
        return value
    }

    mutating func take(_ count: Int) -> [Double] {
        guard count >= 0, count <= rest.count else {
            isSound = false
            return []
        }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func integers(_ count: Int) -> [Int] {
        take(count).map { value in
            guard let integer = Int(exactly: value), Self.counts.contains(integer) else {
                isSound = false
                return 0
            }
            return integer
        }
    }
}
