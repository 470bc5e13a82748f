import Checkpoints

extension ModelInterface {
    /// Numbers of one row; -1 stands for any number of rows.
    private static let largestRow = 1 << 32

    func check(_ field: String) throws(DocumentProblem) {
        for tensor in inputs + outputs {
            let place = "\(field).\(tensor.name.prefix(64)).shape"
            try Check.length(tensor.shape.count, place, atMost: 16)
            var numbers = 1
            for size in tensor.shape {
                try Check.count(size, place, in: -1...Self.largestRow)
                let (product, overflow) = numbers.multipliedReportingOverflow(by: max(1, size))
                guard !overflow, product <= Self.largestRow else {
                    throw DocumentProblem(
                        field: place, expected: "at most \(Self.largestRow) numbers a row", got: "\(tensor.shape)")
                }
                numbers = product
            }
        }
    }
}
