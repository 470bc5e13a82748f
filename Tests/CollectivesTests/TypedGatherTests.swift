import Collectives
import CollectivesTestKit
import Testing

/// Ranks tell each other values, and each gets just those, or an error that names who told something else.
@Suite struct TypedGatherTests {
    @Test(arguments: 1...3)
    func numbersKeepTheirBitsAndTheOrderOfRanks(ranks: Int) async throws {
        let special: [Double] = [-0.0, .infinity, .leastNonzeroMagnitude, Double(nan: 5, signaling: false), 1e300]
        let outcomes = await Ensemble(ranks: ranks, slices: 3).run { group in
            let numbers = try group.allGather(values: Array(special.prefix(group.rank + 3)), named: "numbers")
            let counts = try group.allGather(value: group.rank == 0 ? Int.min : -group.rank, named: "counts")
            let answers = try group.allGather(values: [true, group.rank == 1], count: 2, named: "answers")
            return (numbers.map { $0.map(\.bitPattern) }, counts, answers)
        }
        for outcome in outcomes {
            let (numbers, counts, answers) = try outcome.get()
            #expect(numbers == (0..<ranks).map { special.prefix($0 + 3).map(\.bitPattern) })
            #expect(counts == (0..<ranks).map { $0 == 0 ? Int.min : -$0 })
            #expect(answers == (0..<ranks).map { [true, $0 == 1] })
        }
    }

    @Test func documentsMayBeNothing() async throws {
        struct Document: Codable, Equatable, Sendable {
            var text: String
            var figure: Double
        }
        @Sendable func document(of rank: Int) -> Document? {
            rank == 1 ? nil : Document(text: "é\n\(rank)", figure: rank == 0 ? .infinity : 0.1)
        }
        let outcomes = await Ensemble(ranks: 3, slices: 3).run { group in
            try group.allGather(document: document(of: group.rank), named: "documents")
        }
        for outcome in outcomes { #expect(try outcome.get() == (0..<3).map { document(of: $0) }) }
    }

    /// What rank 2 sends under the name of what the others expect.
    private func errors(
        sending bytes: [UInt8], expecting: @escaping @Sendable (ProcessGroup) throws -> Void
    ) async -> [CollectiveError?] {
        let outcomes = await Ensemble(ranks: 3, slices: 3).run { group in
            if group.rank == 2 {
                _ = try group.allGather(bytes, named: "votes")
            } else {
                try expecting(group)
            }
        }
        return outcomes.map { outcome in
            guard case .failure(let error) = outcome else { return nil }
            return error as? CollectiveError
        }
    }

    @Test func whoeverTellsSomethingElseIsNamed() async {
        let malformed = CollectiveError.malformed(what: "votes", peer: "rank 2 (worker-2)")
        let cases: [(bytes: [UInt8], expecting: @Sendable (ProcessGroup) throws -> Void)] = [
            // No whole number of values.
            ([UInt8](repeating: 0, count: 7), { _ = try $0.allGather(values: [1.5], named: "votes") }),
            // Not as many as are expected.
            ([UInt8](repeating: 0, count: 16), { _ = try $0.allGather(value: 1.5, named: "votes") }),
            ([], { _ = try $0.allGather(value: true, named: "votes") }),
            // No value at all.
            ([2], { _ = try $0.allGather(value: true, named: "votes") }),
            // No document, or not one, or one of another kind.
            (Array("[".utf8), { _ = try $0.allGather(document: "a", named: "votes") }),
            (Array("[]".utf8), { _ = try $0.allGather(document: "a", named: "votes") }),
            (Array("[7]".utf8), { _ = try $0.allGather(document: "a", named: "votes") }),
        ]
        for (bytes, expecting) in cases {
            let errors = await errors(sending: bytes, expecting: expecting)
            #expect(errors == [malformed, malformed, nil], "\(bytes)")
        }
    }
}
