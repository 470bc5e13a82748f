/// How often which class was right, and which was said. Integers, so merging is exact.
struct LabelCounts: Sendable, Equatable {
    let classes: Int
    /// Rows of each class.
    private(set) var actual: [Int]
    /// Rows said to be of each class. Of some rows nothing is said: of those whose outputs are no numbers.
    private(set) var predicted: [Int]
    /// Rows of each class that were found.
    private(set) var found: [Int]
    /// Row-major by true class; empty where there are too many classes.
    private(set) var matrix: [Int]
    /// Rows whose class is among the most likely k.
    private(set) var inTop = 0

    init(classes: Int, hasMatrix: Bool) {
        self.classes = classes
        actual = Array(repeating: 0, count: classes)
        predicted = actual
        found = actual
        matrix = Array(repeating: 0, count: hasMatrix ? classes * classes : 0)
    }

    mutating func add(_ judgement: ClassJudgement, label: Int, isInTop: Bool) {
        actual[label] += 1
        guard let said = judgement.predicted else { return }
        predicted[said] += 1
        if said == label { found[label] += 1 }
        if !matrix.isEmpty { matrix[label * classes + said] += 1 }
        if isInTop { inTop += 1 }
    }

    mutating func merge(_ other: LabelCounts) {
        for index in 0..<classes {
            actual[index] += other.actual[index]
            predicted[index] += other.predicted[index]
            found[index] += other.found[index]
        }
        for place in matrix.indices { matrix[place] += other.matrix[place] }
        inTop += other.inTop
    }

    /// All counts in a row, exact as doubles up to 2^53.
    var values: [Double] {
        [Double(inTop)] + [actual, predicted, found, matrix].joined().map(Double.init)
    }

    mutating func take(_ reader: inout ValueReader) {
        inTop = reader.integer()
        actual = reader.integers(classes)
        predicted = reader.integers(classes)
        found = reader.integers(classes)
        matrix = reader.integers(matrix.count)
    }
}
