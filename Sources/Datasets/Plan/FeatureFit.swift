/// What is learned of one numeric column from its training rows, in order of the file and in `Double`, so the fit does
/// not depend on how the data is sharded.
struct FeatureFit {
    let name: String
    let rule: Cleaning.Missing
    let bounds: Cleaning.Bounds?
    private let isDate: Bool
    /// What is subtracted before anything is rounded: the first number, where the numbers need it.
    private(set) var origin: Double?
    private let needsOrigin: Bool
    private let isSketched: Bool
    private let isCounted: Bool
    private var moments = RunningMoments()
    private var sketch = QuantileSketch()
    /// How often each value occurs, for the most frequent one.
    private var counts: [Double: Int] = [:]
    private var missing = 0

    /// Different values beyond which the most frequent one says nothing.
    private static let maximumValues = 100_000

    init(
        name: String, rule: Cleaning.Missing, bounds: Cleaning.Bounds?, isDate: Bool = false,
        normalization: DataSpecification.Normalization, needsOrigin: Bool = false
    ) {
        self.isDate = isDate
        self.needsOrigin = needsOrigin && normalization != .none
        self.name = name
        self.rule = rule
        self.bounds = bounds
        isSketched = rule == .median || normalization == .robust
        isCounted = rule == .mostFrequent
    }

    mutating func add(_ value: Double) {
        if needsOrigin, origin == nil { origin = value }
        let shift = origin ?? 0
        // As the network will see it: served inputs are 32-bit floats, so training ones are too.
        let rounded = Double(Float(value - shift))
        let value = bounds.map { min(max(rounded, $0.low - shift), $0.high - shift) } ?? rounded
        moments.add(value)
        if isSketched { sketch.add(value) }
        if isCounted, counts.count < Self.maximumValues || counts[value] != nil { counts[value, default: 0] += 1 }
    }

    mutating func addMissing() {
        missing += 1
    }

    /// Stands for missing values, less the origin; nil where they are errors. Those of the training part count as it from now on.
    ///
    /// - Parameter key: where the job says what stands for them.
    mutating func fill(_ problems: inout ProblemList, key: [String]) -> Double? {
        let value: Double
        switch rule {
        case .error, .drop: return nil
        case .mean: value = moments.mean
        case .median: value = sketch.quantile(0.5) ?? 0
        case .mostFrequent: value = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
        case .constant(let text):
            guard let number = isDate ? CalendarDate.days(text) : Self.number(text) else {
                let what = isDate ? "a date such as 2024-12-31" : "a finite number"
                problems.add(
                    column: name, key: key,
                    "data.clean fills in '\(text)', which is not \(what); data.clean.columns says what to fill in for each column"
                )
                return nil
            }
            value = number - (origin ?? 0)
        }
        guard moments.count > 0 else {
            problems.add(column: name, key: key, Self.nothingToLearn)
            return nil
        }
        // As the network will see it: served inputs are 32-bit floats, so training ones are too.
        let rounded = Double(Float(value))
        moments.add(rounded, times: missing)
        if isSketched { sketch.add(rounded, times: missing) }
        missing = 0
        return rounded
    }

    /// What is said of a column whose missing values are filled in, where the training part has no others.
    static let nothingToLearn = "no value of the training part is there, so nothing can be learned of it"

    private static func number(_ text: String) -> Double? {
        var text = text
        let value = text.withUTF8 { CellValue(UnsafeRawBufferPointer($0)) }
        return if case .number(let number) = value { number } else { nil }
    }

    /// input = (raw - offset) / scale. The standard deviation is that of the rows themselves (divided by n, not n - 1).
    /// A column of one value only has nothing to scale by: its scale is 1, its inputs are 0.
    mutating func offsetAndScale(_ normalization: DataSpecification.Normalization) -> (offset: Double, scale: Double) {
        guard moments.count > 0 else { return (0, 1) }
        let isConstant = moments.minimum == moments.maximum
        switch normalization {
        case .none: return (0, 1)
        case .standard: return (moments.mean, isConstant ? 1 : moments.deviation)
        case .minMax: return (moments.minimum, isConstant ? 1 : moments.maximum - moments.minimum)
        case .robust:
            let range = (sketch.quantile(0.75) ?? 0) - (sketch.quantile(0.25) ?? 0)
            return (sketch.quantile(0.5) ?? 0, range > 0 ? range : 1)
        }
    }
}
