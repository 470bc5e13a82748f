extension TrainingData {
    /// Rows in memory.
    ///
    /// ```swift
    /// let exclusiveOr = TrainingData.arrays(
    ///     features: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0])
    /// let trainer = try Trainer(
    ///     model, input: [2], data: exclusiveOr, loss: .binaryCrossEntropyOnLogits, batchSize: 4, epochs: 5)
    /// let result = try await trainer.run()
    /// print(try result.predict([[0, 1]]))
    /// ```
    ///
    /// - Parameters:
    ///   - features: the inputs of each row.
    ///   - targets: what to learn of each row: a number, or the index of a class, below 0 for none; where a row has
    ///     several, row by row.
    ///   - validation: share of the rows that is not trained on and whose loss decides which epoch was the best.
    ///   - test: share of the rows that is not trained on and of which the result's metrics are.
    public static func arrays(
        features: [[Float]], targets: [Float], validation: Double = 0, test: Double = 0
    ) -> TrainingData {
        TrainingData { request, slices in
            let table = try RowTable(
                features: features, targets: targets, width: request.inputCount,
                targetCount: request.targetCount, classes: request.classes)
            let split = try RowSplit(rows: features.count, validation: validation, test: test, seed: request.seed)
            return Part(
                shards: table.shards(split, slices: slices, request: request), fingerprint: table.fingerprint)
        }
    }
}
