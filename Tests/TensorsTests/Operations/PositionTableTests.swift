import Synchronization
import Testing

@testable import Tensors

struct PositionTableTests {
    private final class Counter: Sendable {
        let count = Mutex(0)
    }

    /// A graph is made for whoever only wants to know what a network is.
    @Test func aTableIsMadeWithTheFirstExecutorAndThenShared() {
        let made = Counter()
        let table = PositionTable(count: 12) { _ in made.count.withLock { $0 += 1 } }
        let turn = RotaryPositions([3, 14], heads: 3, headWidth: 4, table: table)
        var builder = GraphBuilder(input: [3, 14])
        let first = builder.apply(turn, to: builder.input)
        let second = builder.apply(turn, to: first)
        let graph = builder.build(output: second)
        #expect(graph.tableBytes == 48)
        #expect(made.count.withLock { $0 } == 0)
        for _ in 0..<2 {
            let executor = GraphExecutor(graph, maximumRows: 1, purpose: .inference)
            #expect(made.count.withLock { $0 } == 1)
            executor.forward(
                inputs: [Float](repeating: 1, count: 42), rows: 1, parameters: [], randomness: nil)
        }
        #expect(made.count.withLock { $0 } == 1)
    }

    @Test func turnsAreCosinesAndBehindThemSines() {
        let values = RotaryPositions.table(positions: 2, headWidth: 2).values
        #expect((0..<4).map { values.pointer[$0] } == [1, 0.5403023, 0, 0.84147098])
    }
}
