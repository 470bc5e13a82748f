import Wire

extension Failure {
    /// The network's result for a row is no number. Rows are counted from 0 here, and from 1 in what people read.
    static func unsound(row: Int, value: Float?) -> Failure {
        Failure(
            .invalidArgument,
            """
            input 'input', row \(row + 1): the network's result is \(value.map { "\($0)" } ?? "not finite") for it, which is \
            no number; check the scale of its values
            """)
    }
}
