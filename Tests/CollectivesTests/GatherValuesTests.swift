import Collectives
import CollectivesTestKit
import Testing

/// All-gathers of typed values.
@Suite struct GatherValuesTests {
    private struct Figures: GatheredValue, Equatable {
        var first: Double
        var second: Double
    }

    @Test(arguments: [1, 3]) func valuesComeInRankOrderWithAllTheirBits(ranks: Int) async throws {
        let outcomes = await Ensemble(ranks: ranks, slices: 3).run { group in
            let number = Double(group.rank)
            return (
                try group.allGather(group.rank - 1, named: "numbers"),
                try group.allGather(Figures(first: number, second: -.infinity), named: "figures"),
                try group.allGather(values: [Double](repeating: number, count: 2 * group.rank), named: "lists")
            )
        }
        for outcome in outcomes {
            let (numbers, figures, lists) = try outcome.get()
            #expect(numbers == (0..<ranks).map { $0 - 1 })
            #expect(figures == (0..<ranks).map { Figures(first: Double($0), second: -.infinity) })
            #expect(lists == (0..<ranks).map { [Double](repeating: Double($0), count: 2 * $0) })
        }
    }

    @Test func anotherLengthIsNoValue() async throws {
        let outcomes = await Ensemble(ranks: 2, slices: 2).run { group in
            do {
                if group.rank == 0 {
                    _ = try group.allGather(0.5, named: "test")
                } else {
                    _ = try group.allGather(1 as UInt8, named: "test")
                }
                return nil as CollectiveError?
            } catch let error as CollectiveError {
                return error
            }
        }
        let errors = try outcomes.map { try $0.get() }
        let operation = "all-gather of test"
        #expect(
            errors == [
                .wrongLength(operation: operation, peer: "rank 1 (worker-1)", expected: 8, got: 1),
                .wrongLength(operation: operation, peer: "rank 0 (worker-0)", expected: 1, got: 8),
            ])
    }

    @Test func documentsMayBeAbsentAndNumbersNotFinite() async throws {
        let outcomes = await Ensemble(ranks: 3, slices: 3).run { group in
            (
                try group.allGather(document: group.rank == 1 ? "one" : nil, named: "texts"),
                try group.allGather(document: group.rank == 2 ? Double.infinity : 1, named: "numbers")
            )
        }
        for outcome in outcomes {
            let (texts, numbers) = try outcome.get()
            #expect(texts == [nil, "one", nil])
            #expect(numbers == [1, 1, .infinity])
        }
    }

    @Test func anotherDocumentIsRefusedWithTheNameOfWhoGaveIt() async throws {
        let outcomes = await Ensemble(ranks: 2, slices: 2).run { group in
            if group.rank == 0 {
                _ = try group.allGather(document: 1, named: "test")
            } else {
                _ = try group.allGather(document: "one", named: "test")
            }
        }
        let error = CollectiveError.malformed(operation: "all-gather of test", peer: "rank 1 (worker-1)")
        #expect(throws: error) { try outcomes[0].get() }
        #expect("\(error)".contains("same version"))
    }
}
