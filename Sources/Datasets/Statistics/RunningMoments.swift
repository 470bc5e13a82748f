/// Count, mean, spread and extremes of a stream of numbers, in one pass.
struct RunningMoments {
    private(set) var count = 0
    private(set) var mean = 0.0
    /// Sum of squared distances from the mean so far (Welford, 1962).
    private(set) var squares = 0.0
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity

    mutating func add(_ value: Double) {
        count += 1
        let distance = value - mean
        mean += distance / Double(count)
        squares += distance * (value - mean)
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }

    /// Adds one value many times (Chan, Golub and LeVeque, 1979).
    mutating func add(_ value: Double, times: Int) {
        guard times > 0 else { return }
        let distance = value - mean
        let total = Double(count + times)
        squares += distance * distance * Double(count) * Double(times) / total
        mean += distance * Double(times) / total
        count += times
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }

    /// Of the values themselves: divided by their number.
    var deviation: Double { count > 0 ? (squares / Double(count)).squareRoot() : 0 }
}
