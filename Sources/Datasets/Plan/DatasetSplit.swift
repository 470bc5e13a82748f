/// Which rows belong to which part: disjoint, together all rows, each in order of the file.
///
/// The rows of each class (all rows, where the split is not stratified) are numbered in order of the file and permuted
/// by `SampleOrder` with the stream of the class. The first of them in that order are the test part, the next the
/// validation part, the rest is for training.
public struct DatasetSplit: Sendable, Equatable {
    /// Indices of rows.
    public private(set) var training: [Int] = []
    public private(set) var validation: [Int] = []
    public private(set) var test: [Int] = []

    /// `counts` has one entry per class, and one more for the rows that have none, if there are such; `classes` the class
    /// of each row, -1 for none, empty if there is one class only.
    public init(counts: [PartCounts], classes: [Int32], seed: UInt64) {
        let orders = counts.enumerated().map { index, counts in
            SamplePermutation(
                count: counts.total, seed: seed, epoch: 0, stream: SampleOrder.splitStream(class: index))
        }
        var seen = [Int](repeating: 0, count: counts.count)
        for row in 0..<counts.reduce(0, { $0 + $1.total }) {
            let group = classes.isEmpty ? 0 : classes[row] < 0 ? counts.count - 1 : Int(classes[row])
            let place = orders[group][seen[group]]
            seen[group] += 1
            if place < counts[group].test {
                test.append(row)
            } else if place < counts[group].test + counts[group].validation {
                validation.append(row)
            } else {
                training.append(row)
            }
        }
    }
}

extension DatasetSplit {
    /// Parts that something else decided.
    init(training: [Int], validation: [Int], test: [Int]) {
        self.training = training
        self.validation = validation
        self.test = test
    }

    /// The first rows in ascending order of their keys for training, the next for validation, the last for the test;
    /// without keys in order of the file. Rows with one key keep their order. Each part is in order of the file.
    init(counts: PartCounts, keys: [Double]) {
        let rows = 0..<counts.total
        let ordered = keys.isEmpty ? Array(rows) : rows.sorted { (keys[$0], $0) < (keys[$1], $1) }
        let validation = counts.training + counts.validation
        self.init(
            training: ordered[..<counts.training].sorted(),
            validation: ordered[counts.training..<validation].sorted(), test: ordered[validation...].sorted())
    }

    /// Rows of the other parts whose equal is in the training part, each with that one; and the same without them.
    func leaks(_ fingerprints: [Fingerprint]) -> (rows: [(row: Int, trainingRow: Int)], without: DatasetSplit) {
        guard !fingerprints.isEmpty, !validation.isEmpty || !test.isEmpty else { return ([], self) }
        // Four bytes a row, where a dictionary of the training part would take more than the rows themselves do.
        let sorted = training.map(UInt32.init).sorted { a, b in
            let (left, right) = (fingerprints[Int(a)], fingerprints[Int(b)])
            return left == right ? a < b : left < right
        }
        /// The first row of the training part that is equal to this one.
        func twin(of row: Int) -> Int? {
            var places = sorted.indices
            while let middle = places.isEmpty ? nil : (places.lowerBound + places.upperBound) / 2 {
                if fingerprints[Int(sorted[middle])] < fingerprints[row] {
                    places = middle + 1..<places.upperBound
                } else {
                    places = places.lowerBound..<middle
                }
            }
            guard places.lowerBound < sorted.count else { return nil }
            let candidate = Int(sorted[places.lowerBound])
            return fingerprints[candidate] == fingerprints[row] ? candidate : nil
        }
        let leaks = (validation + test).compactMap { row in twin(of: row).map { (row: row, trainingRow: $0) } }
        let leaked = Set(leaks.map(\.row))
        let without = DatasetSplit(
            training: training, validation: validation.filter { !leaked.contains($0) },
            test: test.filter { !leaked.contains($0) })
        return (leaks, without)
    }
}

/// How many rows of a class, or of the whole data, each part gets.
public struct PartCounts: Sendable, Equatable {
    public var training: Int
    public var validation: Int
    public var test: Int

    public var total: Int { training + validation + test }

    /// Each fraction of the rows, rounded half up; training gets what is left.
    public init(rows: Int, split: DataSpecification.Split) {
        test = min(rows, Int((Double(rows) * split.test).rounded()))
        validation = min(rows - test, Int((Double(rows) * split.validation).rounded()))
        training = rows - test - validation
    }

    init(training: Int, validation: Int, test: Int) {
        self.training = training
        self.validation = validation
        self.test = test
    }

    /// Deals the parts out to classes in proportion to their rows, so that the parts' sizes stay exact: each class gets
    /// its quota rounded down, and those with the largest remainders one row more (the lower index wins a tie).
    /// A class of very few rows may get a negative training count; then the data is too small to be stratified.
    public func stratified(over classRows: [Int]) -> [PartCounts] {
        let tests = Self.apportioned(test, over: classRows)
        let validations = Self.apportioned(validation, over: classRows)
        return classRows.indices.map { index in
            PartCounts(
                training: classRows[index] - tests[index] - validations[index], validation: validations[index],
                test: tests[index])
        }
    }

    private static func apportioned(_ seats: Int, over classRows: [Int]) -> [Int] {
        let rows = classRows.reduce(0, +)
        guard rows > 0 else { return classRows.map { _ in 0 } }
        var shares = classRows.map { $0 * seats / rows }
        let byRemainder = classRows.indices.sorted { a, b in
            let (first, second) = (classRows[a] * seats % rows, classRows[b] * seats % rows)
            return first == second ? a < b : first > second
        }
        for index in byRemainder.prefix(seats - shares.reduce(0, +)) { shares[index] += 1 }
        return shares
    }
}
