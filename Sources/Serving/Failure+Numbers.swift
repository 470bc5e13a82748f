import Wire

extension Failure {
    /// The network's result for a row is no number.
    static func unsound(row: Int, value: Float?) -> Failure {
        Failure(
            .invalidArgument,
            """
            input 'input', row \(row): the network's result is \(value.map { "\($0)" } ?? "not finite") for it, which is \
            no number; check the scale of its values
            """)
    }
}
