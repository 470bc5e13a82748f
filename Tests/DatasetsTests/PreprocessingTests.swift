@testable import Datasets
import Foundation
import Testing

@Suite struct PreprocessingTests {
    let preprocessing = Preprocessing(
        features: [
            .init(name: "age", column: 0, kind: .number),
            .init(name: "town", column: 2, kind: .category(["Bath", "York"])),
        ],
        target: .init(name: "y", column: 1, kind: .classes(["2", "10"])), fileColumns: 3, offsets: [10, 0, 0],
        scales: [2, 1, 1])

    private func encode(_ cells: [String]) throws -> [Float] {
        var inputs = [Float](repeating: .nan, count: preprocessing.featureCount)
        try preprocessing.encode(row: cells, into: &inputs)
        return inputs
    }

    @Test func rowsOfCells() throws {
        #expect(try encode(["14", "York"]) == [2, 0, 1])
        #expect(try encode([" 9 ", " Bath"]) == [-0.5, 1, 0])
    }

    @Test(arguments: [
        (["x", "York"], "column 'age': expected a number, got 'x'"),
        (["", "York"], "column 'age': a value is missing, expected a number"),
        (["nan", "York"], "column 'age': expected a finite number, got 'nan'"),
        (["1", "Leeds"], "column 'town': expected one of 'Bath', 'York', got 'Leeds', which the model never saw"),
        (["1"], "column 'age': expected a row of 2 cells, got 1"),
    ])
    func otherRowsAreRefused(cells: [String], message: String) throws {
        let error = #expect(throws: CellError.self) { try encode(cells) }
        #expect(error?.description == message)
    }

    @Test func numbersGiveTheSameAsCells() throws {
        var raw = [Float](repeating: 0, count: 2)
        try preprocessing.numbers(row: ["13.5", "York"], into: &raw)
        #expect(raw == [13.5, 1])
        var inputs = [Float](repeating: .nan, count: 3)
        preprocessing.encode(numbers: raw, rows: 1, into: &inputs)
        #expect(try inputs == encode(["13.5", "York"]))
        preprocessing.encode(numbers: [12, 5], rows: 1, into: &inputs)
        #expect(inputs == [1, 0, 0])
    }

    @Test func targetsAndLabels() throws {
        #expect(try preprocessing.target(of: "10") == 1)
        #expect(try preprocessing.target(of: " 2.0 ") == 0)
        #expect(throws: CellError.self) { try preprocessing.target(of: "3") }
        #expect(preprocessing.label(ofClass: 1) == "10")
        #expect(preprocessing.label(ofClass: 2) == nil)
    }

    @Test func survivesJSON() throws {
        let json = try JSONEncoder().encode(preprocessing)
        #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == preprocessing)
    }

    @Test func partsThatDoNotFitAreNotDecoded() throws {
        var broken = preprocessing
        broken.scales.removeLast()
        let narrow = try JSONEncoder().encode(broken)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Preprocessing.self, from: narrow) }
        broken = preprocessing
        broken.fileColumns = 2
        let outside = try JSONEncoder().encode(broken)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Preprocessing.self, from: outside) }
    }

    @Test func aShardOfAnotherPlanIsRefused() {
        let shard = Array("1,2,York\n1,York\n".utf8)
        let error = #expect(throws: ShardError.self) {
            try shard.withUnsafeBytes { try ShardReader(preprocessing: preprocessing).samples(of: $0) }
        }
        #expect(error == ShardError(row: 2, reason: "expected 3 cells, found 2"))
    }
}
