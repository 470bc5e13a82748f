/// What is learned of one numeric column from its training rows, in order of the file and in `Double`, so the fit does
/// not depend on how the data is sharded.
struct FeatureFit {
    private var count = 0
    private var mean = 0.0
    /// Sum of squared distances from the mean so far (Welford, 1962).
    private var squares = 0.0
    private var minimum = Double.infinity
    private var maximum = -Double.infinity

    mutating func add(_ value: Double) {
        count += 1
        let distance = value - mean
        mean += distance / Double(count)
        squares += distance * (value - mean)
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }

    /// input = (raw - offset) / scale. The standard deviation is that of the rows themselves (divided by n, not n - 1).
    /// A column of one value only has nothing to scale by: its scale is 1, its inputs are 0.
    func offsetAndScale(_ normalization: DataSpecification.Normalization) -> (offset: Double, scale: Double) {
        guard count > 0 else { return (0, 1) }
        return switch normalization {
        case .none: (0, 1)
        case .standard: (mean, minimum == maximum ? 1 : (squares / Double(count)).squareRoot())
        case .minMax: (minimum, minimum == maximum ? 1 : maximum - minimum)
        }
    }
}

/// The texts of a category column that the training part holds, and those that only other parts hold.
struct CategoryFit {
    private var training: Set<String> = []
    /// Where a text was first seen outside of the training part, and how often.
    private var elsewhere: [String: (line: Int, rows: Int)] = [:]

    mutating func add(_ text: String, isTraining: Bool, line: Int) {
        if isTraining {
            training.insert(text)
        } else {
            elsewhere[text, default: (line, 0)].rows += 1
        }
    }

    /// Ascending by UTF-8 bytes.
    var values: [String] { training.sorted(by: ClassNames.utf8Order) }

    func problems(column: String) -> ProblemList {
        var problems = ProblemList()
        for (text, place) in elsewhere.sorted(by: { $0.value.line < $1.value.line }) where !training.contains(text) {
            let rows = place.rows == 1 ? "1 row" : "\(place.rows) rows"
            problems.add(
                line: place.line, column: column,
                "'\(text)' occurs in \(rows) of the validation or test part but in no training row, so nothing can be "
                    + "learned of it: try another train.seed, or leave the column out of data.features")
        }
        return problems
    }
}
