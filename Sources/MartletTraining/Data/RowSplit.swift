import Datasets
import Explanations

/// Which rows belong to which part: a function of their number and the seed alone.
struct RowSplit: Sendable, Equatable {
    /// In training order: the row at place i is in place i % batch size of a batch.
    let training: [Int]
    let validation: [Int]
    let test: [Int]

    init(rows: Int, validation: Double, test: Double, seed: UInt64) throws(TrainerError) {
        guard validation >= 0, test >= 0, validation + test < 1 else {
            throw .data("the shares of validation (\(validation)) and test (\(test)) must leave rows to train on")
        }
        let testRows = Int((Double(rows) * test).rounded())
        let validationRows = Int((Double(rows) * validation).rounded())
        guard testRows + validationRows < rows else {
            throw .data(
                "\(counted(rows, "row leaves", "rows leave")) none to train on beside those for validation and test")
        }
        let order = SamplePermutation(count: rows, seed: seed, epoch: 0, stream: SampleOrder.trainingStream)
        let shuffled = (0..<rows).map { order[$0] }
        self.test = Array(shuffled.prefix(testRows))
        self.validation = Array(shuffled.dropFirst(testRows).prefix(validationRows))
        training = Array(shuffled.dropFirst(testRows + validationRows))
    }
}
