import Tensors
import Testing

struct DropoutTests {
    private func graph() -> Graph {
        var builder = GraphBuilder(input: [37])
        let result = builder.apply(Dropout([37], probability: 0.5, stream: 2), to: builder.input)
        return builder.build(output: result)
    }

    @Test func theMaskDoesNotDependOnHowABatchIsCut() {
        let graph = graph()
        let executor = GraphExecutor(graph, maximumRows: 8, purpose: .training)
        let ones = [Float](repeating: 1, count: 8 * 37)
        func mask(rows: Range<Int>) -> [Float] {
            let result = executor.forward(
                inputs: ones, rows: rows.count, parameters: [],
                randomness: StepRandomness(seed: 1, step: 9, firstRow: 100 + rows.lowerBound))
            return (0..<rows.count * 37).map { result[$0] }
        }
        let whole = mask(rows: 0..<8)
        #expect(mask(rows: 0..<4) + mask(rows: 4..<8) == whole)
        #expect(mask(rows: 0..<1) + mask(rows: 1..<8) == whole)
        #expect(Set(whole) == [0, 2])
        #expect(Array(whole[..<37]) != Array(whole[37..<74]))
    }

    @Test func nothingIsDroppedInEvaluation() {
        let inputs = (0..<74).map(Float.init)
        for purpose in [GraphExecutor.Purpose.training, .inference] {
            let executor = GraphExecutor(graph(), maximumRows: 2, purpose: purpose)
            var outputs = [Float](repeating: 0, count: 74)
            executor.forward(inputs: inputs, rows: 2, parameters: [], randomness: nil, outputs: &outputs)
            #expect(outputs == inputs)
        }
    }
}
