/// Errors of one output, and the spread of its targets.
///
/// The spread is kept as a mean and a sum of squared deviations, which are merged as in Chan, Golub and LeVeque (1983):
/// a difference of plain sums of squares would lose all its digits where targets are far from zero.
struct ResidualMoments: Sendable, Equatable {
    private(set) var count = 0.0
    private(set) var squaredErrors = 0.0
    private(set) var absoluteErrors = 0.0
    private var mean = 0.0
    /// Sum of (target - mean)^2.
    private(set) var deviations = 0.0

    mutating func add(prediction: Double, target: Double) {
        let error = prediction - target
        squaredErrors += error * error
        absoluteErrors += abs(error)
        count += 1
        let distance = target - mean
        mean += distance / count
        deviations += distance * (target - mean)
    }

    mutating func merge(_ other: ResidualMoments) {
        guard other.count > 0 else { return }
        squaredErrors += other.squaredErrors
        absoluteErrors += other.absoluteErrors
        let total = count + other.count
        let distance = other.mean - mean
        mean += distance * (other.count / total)
        deviations += other.deviations + distance * distance * (count * other.count / total)
        count = total
    }

    /// R^2. Targets that are all equal count 1 if predicted exactly, else 0, as in scikit-learn.
    var determination: Double {
        guard deviations > 0 else { return squaredErrors == 0 ? 1 : 0 }
        return 1 - squaredErrors / deviations
    }

    var values: [Double] { [count, squaredErrors, absoluteErrors, mean, deviations] }

    mutating func take(_ reader: inout ValueReader) {
        count = reader.next()
        squaredErrors = reader.next()
        absoluteErrors = reader.next()
        mean = reader.next()
        deviations = reader.next()
    }
}
