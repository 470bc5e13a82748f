/// Whether different numbers of a column become one as 32-bit floats, which is what a network learns from: seconds since
/// 1970 are 128 apart there. Nanoseconds since 1970 are one already as 64-bit floats, which are 256 apart there; then
/// nothing that is done with the numbers brings their differences back.
struct FloatPrecision {
    /// Numbers that are kept to compare others with; what loses its differences loses them among the first as well.
    static let standardKept = 4_096
    private let maximumKept: Int
    /// Steps of a 32-bit float between the smallest and the largest number; with fewer a column is worth a warning.
    private static let fineSteps = 65_536.0

    private var kept: [Float: Double] = [:]
    private var minimum = Double.infinity
    private var maximum = -Double.infinity
    private var areIntegers = true
    /// Two different numbers were seen that become one.
    private(set) var loses = false
    /// Whole numbers that are not all 64-bit floats, as they are written.
    private var exact: [Double: Int128] = [:]
    /// Two different numbers were seen that are one as 64-bit floats.
    private(set) var losesAsRead = false

    init(keeping maximumKept: Int = standardKept) {
        self.maximumKept = maximumKept
    }

    /// A number and, where it is a whole one, what it is exactly, which is asked for only where that may be another.
    mutating func add(_ value: Double, exactly whole: () -> Int128?) {
        add(value)
        // Up to 2^53 whole numbers are exact.
        guard abs(value) >= 9_007_199_254_740_992, !losesAsRead, let whole = whole() else { return }
        if let other = exact[value] {
            losesAsRead = other != whole
        } else if exact.count < maximumKept {
            exact[value] = whole
        }
    }

    mutating func add(_ value: Double) {
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        if areIntegers, value != value.rounded() { areIntegers = false }
        let rounded = Float(value)
        // Whole numbers up to 2^24 are exact, and most columns hold nothing else.
        guard !loses, Double(rounded) != value || abs(value) >= 16_777_216 else { return }
        if let other = kept[rounded] {
            loses = other != value
        } else if kept.count < maximumKept {
            kept[rounded] = value
        }
    }

    /// All of them are one number.
    var isConstant: Bool { minimum == maximum && !losesAsRead }

    private var largest: Double { max(abs(minimum), abs(maximum)) }

    /// They lie closer together than they are far from 0: less one of them, they keep their differences.
    var isFarFromZero: Bool { loses && largest >= 2 * (maximum - minimum) }

    /// What is lost matters: whole numbers, or a good part of all differences.
    var isWorthAWarning: Bool {
        loses && (areIntegers || (maximum - minimum) / Double(Float(largest).ulp) < Self.fineSteps)
    }
}
