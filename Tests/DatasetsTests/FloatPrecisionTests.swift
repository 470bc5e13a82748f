@testable import Datasets
import Foundation
import Testing

/// Numbers that are closer together than 32-bit floats are told apart, or it is said that they are not.
@Suite struct FloatPrecisionTests {
    private func plan(
        _ cells: [String], normalize: DataSpecification.Normalization = .standard,
        _ change: (inout DataSpecification) -> Void = { _ in }
    ) throws -> PlannedData {
        let scratch = try ScratchFile("t,y\n" + cells.enumerated().map { "\($1),\($0)\n" }.joined())
        var job = DataSpecification(
            path: scratch.path, target: "y", split: .init(train: 1, test: 0), normalize: normalize)
        change(&job)
        return try PlannedData(job, input: [1])
    }

    /// The inputs by the row's number, in order.
    private func inputs(_ planned: PlannedData) throws -> [Float] {
        let samples = try planned.samples(\.training)
        return zip(samples.targets, samples.features).sorted { $0.0 < $1.0 }.map { $0.1 }
    }

    /// (x - mean) / deviation in double precision, rounded once.
    private func standardized(_ numbers: [Double]) -> [Float] {
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        return numbers.map { Float(($0 - mean) / variance.squareRoot()) }
    }

    @Test func secondsSince1970() throws {
        let seconds = [1_700_000_000, 1_700_000_001, 1_700_000_007, 1_700_000_002]
        let planned = try plan(seconds.map(String.init))
        #expect(try inputs(planned) == standardized([0, 1, 7, 2]))
        #expect(planned.plan.preprocessing.takesTexts && planned.plan.notes == nil)
        var row = [Float](repeating: 0, count: 1)
        try planned.plan.preprocessing.encode(row: ["1700000007"], into: &row)
        #expect(try row[0] == inputs(planned)[2])
        let json = try JSONEncoder().encode(planned.plan.preprocessing)
        #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == planned.plan.preprocessing)
    }

    @Test func datesASecondApart() throws {
        let planned = try plan((0..<5).map { "2024-05-05T12:00:0\($0)Z" }) { $0.types = ["t": .date] }
        let expected = standardized([0, 1, 2, 3, 4])
        for (input, wanted) in zip(try inputs(planned), expected) { #expect(abs(input - wanted) < 1e-4) }
    }

    /// Bounds and what stands for a missing value are those of the numbers themselves.
    @Test func cleaningKnowsOfTheOrigin() throws {
        let cells = ["1700000000", "1700000004", "", "1700000002", "1700000900"]
        let planned = try plan(cells, normalize: .minMax) {
            $0.cleaning = Cleaning(
                missing: .constant("1700000001"), clip: ["t": .init(low: 1_700_000_000, high: 1_700_000_008)])
        }
        #expect(try inputs(planned) == [0, 0.5, 0.125, 0.25, 1])
    }

    /// Ordinary columns are read as ever: their models take 32-bit floats.
    @Test func otherColumnsKeepTheirBytes() throws {
        let planned = try plan(["0.1", "0.30000000000000004", "0.3", "16777216", "0.7"])
        #expect(planned.plan.preprocessing.features[0].origin == nil && !planned.plan.preprocessing.takesTexts)
        #expect(planned.plan.notes == nil)
    }

    @Test func lostValuesAreTold() throws {
        let planned = try plan(["1700000000", "1700000001"], normalize: .none)
        #expect(
            planned.plan.notes?.map(\.description) == [
                "1 column loses values: different numbers of 't' are the same as 32-bit floats: set data.normalize, which "
                    + "subtracts first"
            ])
        #expect(planned.plan.preprocessing.features[0].origin == nil)
        let wide = try plan(["-5", "16777216", "16777217"])
        #expect(wide.plan.notes?.map(\.kind) == [.precision])
        // Nanoseconds since 1970, a few apart: there is nothing left to be subtracted from.
        for first in [1 << 60, 1_700_000_000_000_000_000, -(1 << 60) - 8] {
            let collapsed = try plan((0..<4).map { "\(first + $0)" })
            #expect(
                collapsed.plan.notes?.map(\.description) == [
                    "1 column loses values: different numbers of 't' are the same as 64-bit floats: write them with a "
                        + "number near them subtracted, or as categories where they are names"
                ])
        }
        let spaced = try plan((0..<4).map { "\((1 << 60) + $0 * 1024)" })
        #expect(spaced.plan.notes == nil)
        let target = try ScratchFile("t,y\n1,1700000000\n2,1700000001\n")
        let job = DataSpecification(path: target.path, target: "y", split: .init(train: 1, test: 0))
        #expect(
            try PlannedData(job, input: [1]).plan.notes?.map(\.description) == [
                "1 column loses values: different numbers of 'y' are the same as 32-bit floats: subtract a number near them"
            ])
    }

    private func bytes<Value: FixedWidthInteger>(_ numbers: [Value]) -> [UInt8] {
        numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    }

    /// The notes on an array of rows of two numbers, the first of which is its row's, and of a target for each row.
    private func notes(features: [UInt8], _ type: String, targets: [UInt8], _ targetType: String) throws -> [String] {
        let inputs = try ScratchFile(NumberFileTests.npy(type, shape: "(4, 2)", features), name: "features.npy")
        let labels = try ScratchFile(NumberFileTests.npy(targetType, shape: "(4,)", targets), name: "targets.npy")
        let job = DataSpecification(
            path: inputs.path, format: .npy, targetsPath: labels.path, targets: [], split: .init(train: 1, test: 0),
            normalize: .standard)
        return try withExtendedLifetime((inputs, labels)) {
            try PlannedData(job, input: [2]).plan.notes?.map(\.description) ?? []
        }
    }

    /// Arrays are rounded as they are read, so no subtraction of ours comes first.
    @Test func arraysThatLoseValuesAreToldToo() throws {
        let rows = [0, 1, 2, 3]
        let far = Int64(1) << 60
        func table(_ first: Int64) -> [UInt8] { bytes(rows.flatMap { [Int64($0), first + Int64($0)] }) }
        let advice = "subtract a number near them before they are saved"
        let collapsed = try notes(features: table(far), ">i8", targets: bytes(rows.map(Int32.init)), ">i4")
        #expect(
            collapsed == [
                "1 column loses values: different numbers of the features are the same as 64-bit floats (number 2 of a row): "
                    + advice
            ])
        let unsigned = bytes(rows.flatMap { [UInt64.max - 9 + UInt64($0), UInt64.max - UInt64($0)] })
        #expect(
            try notes(features: unsigned, ">u8", targets: bytes(rows.map { far + Int64($0) }), ">i8") == [
                "2 columns lose values: different numbers of the features are the same as 64-bit floats (number 1 of a "
                    + "row is the first of them): \(advice)",
                "1 column loses values: different numbers of the targets are the same as 64-bit floats (number 1 of a row): "
                    + advice,
            ])
        #expect(
            try notes(features: table(1_700_000_000), ">i8", targets: bytes(rows.map(Int32.init)), ">i4") == [
                "1 column loses values: different numbers of the features are the same as 32-bit floats (number 2 of a row): "
                    + advice
            ])
        let doubles = bytes(rows.flatMap { [Double($0), 1.7e9 + Double($0)].map(\.bitPattern) })
        #expect(try notes(features: doubles, ">f8", targets: bytes(rows.map(Int32.init)), ">i4").count == 1)
        #expect(try notes(features: table(7), ">i8", targets: bytes(rows.map(Int32.init)), ">i4").isEmpty)
    }
}
